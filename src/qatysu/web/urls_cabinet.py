"""Sign-in, second factor, invitations, cabinet."""

from __future__ import annotations

from django.urls import URLPattern, path

from qatysu.web.views import cabinet, demo_outbox, second_factor, sign_in

urlpatterns: list[URLPattern] = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/code/", sign_in.sign_in_code, name="sign_in_code"),
    path("sign-in/code/again/", sign_in.sign_in_again, name="sign_in_again"),
    path("sign-in/second-factor/", second_factor.second_factor, name="second_factor"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("cabinet/", cabinet.cabinet, name="cabinet"),
    path("cabinet/profile/", cabinet.profile, name="cabinet_profile"),
    path("cabinet/residence/", cabinet.residence, name="cabinet_residence"),
    path("cabinet/sign-out-everywhere/", cabinet.sign_out_everywhere, name="sign_out_everywhere"),
    path("cabinet/export/", cabinet.export, name="cabinet_export"),
    path("cabinet/erase/", cabinet.erase, name="cabinet_erase"),
    path("outbox/", demo_outbox.demo_outbox, name="demo_outbox"),
]
