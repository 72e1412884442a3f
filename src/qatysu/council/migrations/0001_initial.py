"""Tables of the package."""

import django.db.models.deletion
import qatysu.core.collegial_states
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("files", "0001_initial"),
        ("identity", "__first__"),
        ("proposals", "0001_initial"),
        ("rounds", "0005_council_rules"),
    ]

    operations = [
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("sitting", "sitting"), ("correspondence", "by correspondence")],
                        default="sitting",
                        max_length=16,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("called", "called"),
                            ("open", "open"),
                            ("adjourned", "adjourned"),
                            ("closed", "closed"),
                            ("recorded", "recorded"),
                            ("cancelled", "cancelled"),
                        ],
                        default=qatysu.core.collegial_states.MeetingState["DRAFT"],
                        max_length=10,
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("place", models.CharField(blank=True, max_length=200)),
                ("call_url", models.URLField(blank=True, max_length=300)),
                ("note", models.TextField(blank=True, max_length=4000)),
                ("created_at", models.DateTimeField()),
                ("called_at", models.DateTimeField(blank=True, null=True)),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("cancel_reason", models.CharField(blank=True, max_length=300)),
                ("sequence", models.PositiveIntegerField(default=0)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="council_meetings", to="rounds.round"
                    ),
                ),
            ],
            options={
                "ordering": ("round", "number"),
                "constraints": [
                    models.UniqueConstraint(fields=("round", "number"), name="meeting_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "sitting"), ("state", "open")),
                        fields=("round",),
                        name="meeting_one_sitting",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="meeting_lasts"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "cancelled"), _negated=True),
                            models.Q(("cancel_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="meeting_cancelled_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Point",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=40)),
                ("position", models.PositiveSmallIntegerField()),
                ("label_kk", models.CharField(max_length=200)),
                ("label_ru", models.CharField(max_length=200)),
                ("label_en", models.CharField(max_length=200)),
                ("reason", models.CharField(blank=True, max_length=30)),
                ("check_code", models.CharField(blank=True, max_length=20)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="council_points", to="rounds.round"
                    ),
                ),
            ],
            options={
                "ordering": ("round", "position"),
                "constraints": [models.UniqueConstraint(fields=("round", "slug"), name="point_once")],
            },
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("chair", "chair"),
                            ("secretary", "secretary"),
                            ("member", "member"),
                            ("substitute", "substitute"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("named", "named"),
                            ("active", "active"),
                            ("suspended", "suspended"),
                            ("declined", "declined"),
                            ("ended", "ended"),
                        ],
                        default=qatysu.core.collegial_states.SeatState["NAMED"],
                        max_length=10,
                    ),
                ),
                ("since_on", models.DateField()),
                ("until_on", models.DateField(blank=True, null=True)),
                ("votes", models.BooleanField(default=True)),
                ("deputy", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("organisation", models.CharField(blank=True, max_length=160)),
                ("post_kk", models.CharField(blank=True, max_length=160)),
                ("post_ru", models.CharField(blank=True, max_length=160)),
                ("basis", models.CharField(blank=True, max_length=200)),
                ("end_reason", models.CharField(blank=True, max_length=300)),
                ("named_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="council_seats",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "named_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="council_seats", to="rounds.round"
                    ),
                ),
                (
                    "stands_in_for",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="substitutes",
                        to="council.seat",
                    ),
                ),
            ],
            options={
                "ordering": ("round", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("declined", "ended")), _negated=True),
                        fields=("round", "account"),
                        name="seat_one_of_person",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("role", "chair"), models.Q(("state__in", ("declined", "ended")), _negated=True)
                        ),
                        fields=("round",),
                        name="seat_one_chair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on__isnull", True), ("until_on__gte", models.F("since_on")), _connector="OR"
                        ),
                        name="seat_term",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("role", "substitute"), ("stands_in_for__isnull", False)),
                            models.Q(models.Q(("role", "substitute"), _negated=True), ("stands_in_for__isnull", True)),
                            _connector="OR",
                        ),
                        name="seat_stands_in",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "ended"), _negated=True),
                            models.Q(("end_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="seat_end_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("how", models.CharField(choices=[("room", "room"), ("remote", "remote")], max_length=6)),
                ("came_at", models.DateTimeField()),
                ("left_at", models.DateTimeField(blank=True, null=True)),
                (
                    "marked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attendance", to="council.meeting"
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attendance", to="council.seat"
                    ),
                ),
            ],
            options={
                "ordering": ("meeting", "seat"),
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "seat"), name="attendance_once_in_meeting"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("left_at__isnull", True), ("left_at__gte", models.F("came_at")), _connector="OR"
                        ),
                        name="attendance_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Matter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("admission", "admission of a project"),
                            ("dispute", "dispute"),
                            ("tie", "tie of the vote"),
                            ("annulment", "annulment of ballots"),
                            ("disqualification", "disqualification of a project"),
                            ("results", "approval of results"),
                            ("rules", "amendment of the rules"),
                            ("money", "who pays for which winner"),
                            ("other", "another question"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "pending"),
                            ("on_agenda", "on_agenda"),
                            ("postponed", "postponed"),
                            ("decided", "decided"),
                            ("appealed", "appealed"),
                            ("reopened", "reopened"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default=qatysu.core.collegial_states.MatterState["PENDING"],
                        max_length=10,
                    ),
                ),
                ("payload", models.JSONField(blank=True, default=dict)),
                ("title_kk", models.CharField(max_length=200)),
                ("title_ru", models.CharField(max_length=200)),
                ("text", models.TextField(blank=True, max_length=4000)),
                ("filed_at", models.DateTimeField()),
                (
                    "filed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="matters",
                        to="proposals.proposal",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="matters", to="rounds.round"
                    ),
                ),
                (
                    "rapporteur",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="council.seat",
                    ),
                ),
            ],
            options={
                "ordering": ("round", "number"),
                "indexes": [models.Index(fields=["round", "state"], name="matter_round_state")],
                "constraints": [
                    models.UniqueConstraint(fields=("round", "number"), name="matter_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "admission"), models.Q(("state", "withdrawn"), _negated=True)),
                        fields=("proposal", "kind"),
                        name="matter_one_admission",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ("admission", "disqualification")), _negated=True),
                            ("proposal__isnull", False),
                            _connector="OR",
                        ),
                        name="matter_about_project",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Protocol",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("signing", "signing"),
                            ("signed", "signed"),
                            ("frozen", "frozen"),
                            ("published", "published"),
                        ],
                        default=qatysu.core.collegial_states.ProtocolState["DRAFT"],
                        max_length=10,
                    ),
                ),
                ("number", models.CharField(max_length=40)),
                ("content", models.JSONField(default=dict)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("made_at", models.DateTimeField()),
                ("frozen_at", models.DateTimeField(blank=True, null=True)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "meeting",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="protocol", to="council.meeting"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="council_protocols", to="rounds.round"
                    ),
                ),
            ],
            options={
                "ordering": ("round", "made_at", "pk"),
                "constraints": [
                    models.UniqueConstraint(fields=("round", "number"), name="protocol_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"), models.Q(("digest", ""), _negated=True), _connector="OR"
                        ),
                        name="protocol_fixed_has_digest",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SeatInterest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("author", "author"),
                            ("team", "team"),
                            ("relative", "relative"),
                            ("employer", "employer"),
                            ("declared_other", "declared_other"),
                        ],
                        max_length=16,
                    ),
                ),
                ("detail", models.CharField(max_length=300)),
                ("told_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "proposal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="proposals.proposal",
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="interests", to="council.seat"
                    ),
                ),
            ],
            options={
                "ordering": ("seat", "told_at", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("detail", ""), _negated=True), name="seatinterest_says_what"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AgendaItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("minutes", models.TextField(blank=True, max_length=4000)),
                ("postponed_why", models.CharField(blank=True, max_length=300)),
                ("is_over", models.BooleanField(default=False)),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="council.matter"
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="council.meeting"
                    ),
                ),
            ],
            options={
                "ordering": ("meeting", "position", "pk"),
                "constraints": [models.UniqueConstraint(fields=("meeting", "matter"), name="agendaitem_once")],
            },
        ),
        migrations.CreateModel(
            name="Inquiry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=2000)),
                ("language", models.CharField(choices=[("kk", "kk"), ("ru", "ru"), ("en", "en")], max_length=2)),
                ("asked_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                ("answer", models.TextField(blank=True, max_length=4000)),
                (
                    "answer_language",
                    models.CharField(blank=True, choices=[("kk", "kk"), ("ru", "ru"), ("en", "en")], max_length=2),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="inquiries", to="council.matter"
                    ),
                ),
            ],
            options={
                "ordering": ("matter", "asked_at", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("answer", "")),
                            models.Q(
                                ("answered_at__isnull", False),
                                models.Q(("answer", ""), _negated=True),
                                ("answered_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="inquiry_whole",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("turn", models.PositiveSmallIntegerField(default=1)),
                ("assigned_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                (
                    "recommendation",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("admit", "admit"),
                            ("rework", "return for rework"),
                            ("not_admit", "not admit"),
                            ("merge", "merge"),
                            ("approve", "approve"),
                            ("decline", "decline"),
                            ("choose", "choose an option"),
                        ],
                        max_length=10,
                    ),
                ),
                ("summary", models.TextField(blank=True, max_length=4000)),
                (
                    "language",
                    models.CharField(blank=True, choices=[("kk", "kk"), ("ru", "ru"), ("en", "en")], max_length=2),
                ),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "assigned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="council.matter"
                    ),
                ),
                (
                    "rapporteur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="council.seat"
                    ),
                ),
            ],
            options={
                "ordering": ("matter", "turn"),
                "constraints": [
                    models.UniqueConstraint(fields=("matter", "turn"), name="review_turn_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("submitted_at__isnull", True),
                            models.Q(
                                models.Q(("recommendation", ""), _negated=True),
                                models.Q(("summary", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="review_submitted_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("scan", "scan of the signed paper"), ("cms", "electronic digital signature")],
                        max_length=4,
                    ),
                ),
                ("container", models.BinaryField(blank=True, null=True)),
                ("digest", models.CharField(max_length=64)),
                (
                    "checked",
                    models.CharField(
                        choices=[
                            ("not_asked", "no verifier is set up"),
                            ("valid", "valid"),
                            ("invalid", "invalid"),
                            ("unreachable", "the verifier did not answer"),
                        ],
                        default="not_asked",
                        max_length=12,
                    ),
                ),
                ("signer", models.JSONField(blank=True, default=dict)),
                ("at", models.DateTimeField()),
                ("void_at", models.DateTimeField(blank=True, null=True)),
                ("void_reason", models.CharField(blank=True, max_length=300)),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                    ),
                ),
                (
                    "protocol",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="signatures", to="council.protocol"
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="signatures", to="council.seat"
                    ),
                ),
            ],
            options={
                "ordering": ("protocol", "at", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("void_at__isnull", True)),
                        fields=("protocol", "seat"),
                        name="signature_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "scan"), ("file__isnull", False)),
                            models.Q(("kind", "cms"), ("container__isnull", False)),
                            _connector="OR",
                        ),
                        name="signature_is_there",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("void_at__isnull", True), models.Q(("void_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="signature_void_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitOpinion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("unit", models.CharField(max_length=160)),
                ("question", models.CharField(max_length=1000)),
                ("asked_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[("agreed", "agreed"), ("condition", "agreed on a condition"), ("against", "against")],
                        max_length=10,
                    ),
                ),
                ("text", models.TextField(blank=True, max_length=4000)),
                (
                    "language",
                    models.CharField(blank=True, choices=[("kk", "kk"), ("ru", "ru"), ("en", "en")], max_length=2),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="opinions", to="council.matter"
                    ),
                ),
            ],
            options={
                "ordering": ("matter", "asked_at", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("verdict", "")),
                            models.Q(
                                ("answered_at__isnull", False),
                                models.Q(("verdict", ""), _negated=True),
                                models.Q(("text", ""), _negated=True),
                                ("answered_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="unitopinion_whole",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PointAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "answer",
                    models.CharField(choices=[("yes", "yes"), ("no", "no"), ("unclear", "unclear")], max_length=8),
                ),
                ("text", models.CharField(blank=True, max_length=1000)),
                ("at", models.DateTimeField()),
                (
                    "point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="council.point"
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="council.review"
                    ),
                ),
            ],
            options={
                "ordering": ("review", "point"),
                "constraints": [
                    models.UniqueConstraint(fields=("review", "point"), name="pointanswer_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", "no"), _negated=True),
                            models.Q(("text", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="pointanswer_no_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Poll",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("admit", "admit"),
                            ("rework", "return for rework"),
                            ("not_admit", "not admit"),
                            ("merge", "merge"),
                            ("approve", "approve"),
                            ("decline", "decline"),
                            ("choose", "choose an option"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reasons", models.JSONField(blank=True, default=list)),
                ("text_kk", models.TextField(blank=True, max_length=2000)),
                ("text_ru", models.TextField(blank=True, max_length=2000)),
                ("rework_until", models.DateField(blank=True, null=True)),
                ("options", models.JSONField(blank=True, default=list)),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("adopted", "adopted"),
                            ("not_adopted", "not_adopted"),
                            ("tied", "tied"),
                            ("no_quorum", "no_quorum"),
                            ("cancelled", "cancelled"),
                        ],
                        max_length=12,
                    ),
                ),
                ("chosen", models.CharField(blank=True, max_length=200)),
                ("counts", models.JSONField(blank=True, default=dict)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="polls", to="council.agendaitem"
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="proposals.proposal",
                    ),
                ),
            ],
            options={
                "ordering": ("item", "position"),
                "constraints": [
                    models.UniqueConstraint(fields=("item", "position"), name="poll_position_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)), fields=("item",), name="poll_one_open"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("outcome", "")),
                            models.Q(("closed_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="poll_closed_with_outcome",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verdict__in", ("not_admit", "rework")), _negated=True),
                            models.Q(
                                models.Q(("text_kk", ""), _negated=True), models.Q(("text_ru", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="poll_refusal_has_texts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verdict", "rework"), _negated=True),
                            ("rework_until__isnull", False),
                            _connector="OR",
                        ),
                        name="poll_rework_has_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Recusal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=16)),
                ("text", models.CharField(blank=True, max_length=300)),
                ("is_detected", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="recusals", to="council.agendaitem"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="recusals", to="council.seat"
                    ),
                ),
            ],
            options={
                "ordering": ("item", "seat"),
                "constraints": [models.UniqueConstraint(fields=("item", "seat"), name="recusal_once")],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("turn", models.PositiveSmallIntegerField(default=1)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("admit", "admit"),
                            ("rework", "return for rework"),
                            ("not_admit", "not admit"),
                            ("merge", "merge"),
                            ("approve", "approve"),
                            ("decline", "decline"),
                            ("choose", "choose an option"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reasons", models.JSONField(blank=True, default=list)),
                ("text_kk", models.TextField(blank=True, max_length=2000)),
                ("text_ru", models.TextField(blank=True, max_length=2000)),
                ("rework_until", models.DateField(blank=True, null=True)),
                ("chosen", models.CharField(blank=True, max_length=200)),
                ("decided_at", models.DateTimeField()),
                ("appeal_until", models.DateTimeField(blank=True, null=True)),
                ("applied_at", models.DateTimeField(blank=True, null=True)),
                (
                    "target",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="proposals.proposal",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="council.matter"
                    ),
                ),
                (
                    "poll",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decision", to="council.poll"
                    ),
                ),
            ],
            options={
                "ordering": ("matter", "turn"),
                "constraints": [
                    models.UniqueConstraint(fields=("matter", "turn"), name="decision_turn_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verdict__in", ("not_admit", "rework")), _negated=True),
                            models.Q(
                                models.Q(("text_kk", ""), _negated=True), models.Q(("text_ru", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="decision_refusal_has_texts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PollVote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("voice", models.CharField(max_length=200)),
                ("dissent", models.TextField(blank=True, max_length=2000)),
                ("dissent_language", models.CharField(blank=True, max_length=2)),
                ("at", models.DateTimeField()),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "poll",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="votes", to="council.poll"
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="votes_given", to="council.seat"
                    ),
                ),
            ],
            options={
                "ordering": ("poll", "seat"),
                "constraints": [models.UniqueConstraint(fields=("poll", "seat"), name="pollvote_once")],
            },
        ),
        migrations.CreateModel(
            name="Appeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("filed", "filed"),
                            ("taken", "taken"),
                            ("upheld", "upheld"),
                            ("dismissed", "dismissed"),
                            ("refused", "refused"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default=qatysu.core.collegial_states.AppealState["FILED"],
                        max_length=10,
                    ),
                ),
                ("text", models.TextField(max_length=4000)),
                ("language", models.CharField(choices=[("kk", "kk"), ("ru", "ru"), ("en", "en")], max_length=2)),
                ("filed_at", models.DateTimeField()),
                ("answer_kk", models.TextField(blank=True, max_length=2000)),
                ("answer_ru", models.TextField(blank=True, max_length=2000)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "filed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "decision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="appeal", to="council.decision"
                    ),
                ),
            ],
            options={
                "ordering": ("filed_at", "pk"),
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="appeal_says_why"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(
                                models.Q(("answer_kk", ""), _negated=True), models.Q(("answer_ru", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="appeal_refused_with_reason",
                    ),
                ],
            },
        ),
    ]
