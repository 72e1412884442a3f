"""Addresses of the voting path (SPEC 18)."""

from __future__ import annotations

from django.urls import path

from qatysu.ballots import views

ROUND = "<slug:city_slug>/<slug:round_slug>/"
urlpatterns = [
    path(f"{ROUND}sign-in/", views.sign_in, name="round_sign_in"),
    path(f"{ROUND}sign-in/code/", views.sign_in_with_code, name="round_sign_in_code"),
    path(f"{ROUND}sign-in/declare/", views.declare, name="round_declare"),
    path(f"{ROUND}sign-in/leave/", views.leave, name="round_leave"),
    path(f"{ROUND}ballot/", views.ballot, name="ballot"),
    path(f"{ROUND}ballot/review/", views.review, name="ballot_review"),
    path(f"{ROUND}ballot/confirm/", views.confirm, name="ballot_confirm"),
    path(f"{ROUND}receipt/", views.receipt, name="receipt"),
    path(f"{ROUND}receipt/promise/", views.receipt_promise, name="receipt_promise"),
    path(f"{ROUND}receipt/proof/", views.receipt_proof, name="receipt_proof"),
]
