"""Addresses of the course editor."""

from __future__ import annotations

from django.urls import URLPattern, path

from qatysu.coaching.views import course_fields, course_lessons, course_lists, course_modules, course_texts

_COURSE = "centre/<slug:city_slug>/<slug:round_slug>/course/"
_MODULE = f"{_COURSE}modules/<slug:module>/"

urlpatterns: list[URLPattern] = [
    path(_COURSE, course_modules.course, name="centre_course"),
    path(f"{_COURSE}new-module/", course_modules.new_module, name="course_module_new"),
    path(f"{_COURSE}new-type/", course_texts.new_type, name="course_type_new"),
    path(f"{_COURSE}new-paper/", course_texts.new_paper, name="course_paper_new"),
    path(f"{_COURSE}remarks/", course_lists.all_remarks, name="course_all_remarks"),
    path(f"{_COURSE}types/<slug:slug>/", course_texts.project_type, name="course_type"),
    path(f"{_COURSE}papers/<slug:slug>/", course_texts.paper, name="course_paper"),
    path(_MODULE, course_modules.module, name="course_module"),
    path(f"{_MODULE}new-lesson/", course_lessons.new_lesson, name="course_lesson_new"),
    path(f"{_MODULE}lessons/<slug:slug>/", course_lessons.lesson, name="course_lesson"),
    path(f"{_MODULE}form/", course_fields.form, name="course_form"),
    path(f"{_MODULE}new-field/", course_fields.new_field, name="course_field_new"),
    path(f"{_MODULE}form/<slug:field>/", course_fields.field, name="course_field"),
    path(f"{_MODULE}checklist/", course_lists.checklist, name="course_checklist"),
    path(f"{_MODULE}quiz/", course_lists.quiz, name="course_quiz"),
    path(f"{_MODULE}remarks/", course_lists.remarks, name="course_remarks"),
]
