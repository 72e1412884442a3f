"""Tables of the package."""

import django.db.models.deletion
import qatysu.desk.models.hours
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("files", "0001_initial"),
        ("identity", "__first__"),
        ("places", "0001_initial"),
        ("proposals", "0001_initial"),
        ("rounds", "0004_cadence"),
    ]

    operations = [
        migrations.CreateModel(
            name="CannedAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=40)),
                ("title_kk", models.CharField(max_length=120)),
                ("title_ru", models.CharField(max_length=120)),
                ("title_en", models.CharField(blank=True, max_length=120)),
                ("text_kk", models.TextField(max_length=4000)),
                ("text_ru", models.TextField(max_length=4000)),
                ("text_en", models.TextField(blank=True, max_length=4000)),
                (
                    "city",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="canned_answers", to="places.city"
                    ),
                ),
            ],
            options={
                "ordering": ("city", "slug"),
                "constraints": [models.UniqueConstraint(fields=("city", "slug"), name="cannedanswer_slug")],
            },
        ),
        migrations.CreateModel(
            name="DeskHours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("week", models.JSONField(default=qatysu.desk.models.hours.usual_week)),
                ("promise_minutes", models.PositiveIntegerField(default=480)),
                (
                    "city",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="desk_hours", to="places.city"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("promise_minutes__gte", 30), ("promise_minutes__lte", 14400)),
                        name="deskhours_promise_sane",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Mailbox",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=64, unique=True)),
                ("checked_at", models.DateTimeField()),
                ("error", models.CharField(blank=True, max_length=80)),
            ],
        ),
        migrations.CreateModel(
            name="SpecialDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("spans", models.JSONField(blank=True, default=list)),
                ("reason_kk", models.CharField(max_length=120)),
                ("reason_ru", models.CharField(max_length=120)),
                ("reason_en", models.CharField(blank=True, max_length=120)),
                (
                    "city",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="desk_days", to="places.city"
                    ),
                ),
            ],
            options={
                "ordering": ("city", "day"),
                "constraints": [models.UniqueConstraint(fields=("city", "day"), name="specialday_once")],
            },
        ),
        migrations.CreateModel(
            name="Thread",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.CharField(max_length=8, unique=True)),
                ("subject", models.CharField(max_length=160)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("web", "web"),
                            ("email", "e-mail"),
                            ("phone", "phone"),
                            ("walk_in", "walk-in"),
                            ("workspace", "workspace"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "language",
                    models.CharField(choices=[("kk", "kk"), ("ru", "ru"), ("en", "en")], default="kk", max_length=2),
                ),
                ("contact_name", models.CharField(blank=True, max_length=80)),
                (
                    "contact_channel",
                    models.CharField(blank=True, choices=[("sms", "sms"), ("email", "email")], max_length=10),
                ),
                ("contact_sealed", models.BinaryField(blank=True, null=True)),
                ("contact_hash", models.CharField(blank=True, max_length=64)),
                ("token_sealed", models.BinaryField()),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "the desk has to answer"),
                            ("waiting", "the person was answered, or asked back"),
                            ("closed", "done"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("first_answered_at", models.DateTimeField(blank=True, null=True)),
                ("answer_minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("was_late", models.BooleanField(default=False)),
                ("changed_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="desk_threads",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "city",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="desk_threads", to="places.city"
                    ),
                ),
                (
                    "first_answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="owned_threads",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="desk_threads",
                        to="proposals.proposal",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="desk_threads",
                        to="rounds.round",
                    ),
                ),
            ],
            options={
                "ordering": ("due_at", "pk"),
                "indexes": [
                    models.Index(fields=["city", "state", "due_at"], name="thread_inbox"),
                    models.Index(fields=["proposal", "state"], name="thread_proposal"),
                    models.Index(fields=["contact_hash"], name="thread_contact"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("asked_at__isnull", False), ("due_at__isnull", False), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                ("asked_at__isnull", True),
                                ("due_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="thread_open_is_due",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", False), ("state", "closed")),
                            models.Q(models.Q(("state", "closed"), _negated=True), ("closed_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="thread_closed_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer_minutes__isnull", True), ("first_answered_at__isnull", True)),
                            models.Q(("answer_minutes__isnull", False), ("first_answered_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="thread_answer_measured",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("contact_channel", ""), ("contact_hash", ""), ("contact_sealed__isnull", True)),
                            models.Q(
                                models.Q(("contact_channel", ""), _negated=True), ("contact_sealed__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="thread_contact_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("proposal__isnull", True), ("round__isnull", False), _connector="OR"),
                        name="thread_proposal_has_round",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("subject", ""), _negated=True), name="thread_has_subject"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assist",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("idea", "idea filed"),
                            ("vote", "helped to vote by themselves"),
                            ("account", "helped to sign in"),
                            ("other", "other"),
                        ],
                        max_length=10,
                    ),
                ),
                ("person", models.CharField(max_length=80)),
                ("consent", models.CharField(max_length=300)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField()),
                (
                    "city",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assists", to="places.city"
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assists",
                        to="desk.thread",
                    ),
                ),
            ],
            options={
                "ordering": ("-at", "-pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("consent", ""), _negated=True), models.Q(("person", ""), _negated=True)
                        ),
                        name="assist_has_consent",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Faq",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("ideas", "ideas"),
                            ("sessions", "sessions"),
                            ("voting", "voting"),
                            ("money", "money"),
                            ("other", "other"),
                        ],
                        default="other",
                        max_length=10,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("question_kk", models.CharField(max_length=200)),
                ("question_ru", models.CharField(max_length=200)),
                ("question_en", models.CharField(blank=True, max_length=200)),
                ("answer_kk", models.TextField(blank=True, max_length=4000)),
                ("answer_ru", models.TextField(blank=True, max_length=4000)),
                ("answer_en", models.TextField(blank=True, max_length=4000)),
                ("is_published", models.BooleanField(default=False)),
                (
                    "city",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="faq", to="places.city"
                    ),
                ),
                (
                    "from_thread",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="faq",
                        to="desk.thread",
                    ),
                ),
            ],
            options={
                "ordering": ("category", "position", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_published", False),
                            models.Q(
                                models.Q(
                                    ("question_kk", ""),
                                    ("question_ru", ""),
                                    ("answer_kk", ""),
                                    ("answer_ru", ""),
                                    _connector="OR",
                                ),
                                _negated=True,
                            ),
                            _connector="OR",
                        ),
                        name="faq_published_in_both",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64, unique=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("opened", "a new thread"),
                            ("added", "a message of a thread"),
                            ("automatic", "an automatic answer"),
                            ("bounced", "could not be delivered"),
                            ("own", "our own letter"),
                            ("limited", "too many of one sender"),
                            ("unreadable", "could not be read"),
                            ("too_large", "too large"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "thread",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="desk.thread",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_staff", models.BooleanField(default=False)),
                ("is_note", models.BooleanField(default=False)),
                (
                    "language",
                    models.CharField(choices=[("kk", "kk"), ("ru", "ru"), ("en", "en")], default="kk", max_length=2),
                ),
                ("text", models.TextField(max_length=8000)),
                ("quoted", models.TextField(blank=True, max_length=20000)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("web", "web"),
                            ("email", "e-mail"),
                            ("phone", "phone"),
                            ("walk_in", "walk-in"),
                            ("workspace", "workspace"),
                        ],
                        max_length=10,
                    ),
                ),
                ("message_id", models.CharField(blank=True, max_length=250, null=True, unique=True)),
                ("at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="posts", to="desk.thread"
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
                "indexes": [models.Index(fields=["thread", "at"], name="post_thread_at")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="post_has_text"),
                    models.CheckConstraint(
                        condition=models.Q(("is_note", False), ("is_staff", True), _connector="OR"),
                        name="post_note_is_staff",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_staff", False), ("entered_by__isnull", True), _connector="OR"),
                        name="post_entered_for_people",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PostFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="desk_file", to="files.storedfile"
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="desk.post"
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
    ]
