"""A city and what is true of it in every round."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models


class City(models.Model):
    """A town that runs rounds. ``slug`` is the first part of its addresses."""

    slug = models.SlugField(max_length=40, unique=True)
    name_kk = models.CharField(max_length=120)
    name_ru = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    slogan_kk = models.CharField(max_length=160, blank=True)
    slogan_ru = models.CharField(max_length=160, blank=True)
    slogan_en = models.CharField(max_length=160, blank=True)
    programme_kk = models.CharField(max_length=80, default="Қатысу бюджеті")
    programme_ru = models.CharField(max_length=80, default="Бюджет участия")
    programme_en = models.CharField(max_length=80, default="Participatory budget")
    kato = models.CharField(max_length=9, blank=True)
    time_zone = models.CharField(max_length=40, default="Asia/Almaty")
    # Corners of the drawn plan and of the tile map, in degrees.
    south = models.FloatField()
    west = models.FloatField()
    north = models.FloatField()
    east = models.FloatField()
    hotline_phone = models.CharField(max_length=20, blank=True)
    hotline_hours_kk = models.CharField(max_length=160, blank=True)
    hotline_hours_ru = models.CharField(max_length=160, blank=True)
    hotline_hours_en = models.CharField(max_length=160, blank=True)
    centre_address_kk = models.CharField(max_length=200, blank=True)
    centre_address_ru = models.CharField(max_length=200, blank=True)
    centre_address_en = models.CharField(max_length=200, blank=True)
    #: Colour tokens of DESIGN 13 by role name; empty keeps the product's own brand.
    brand = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("slug",)
        constraints = (
            models.CheckConstraint(condition=models.Q(south__lt=models.F("north")), name="city_south_of_north"),
            models.CheckConstraint(condition=models.Q(west__lt=models.F("east")), name="city_west_of_east"),
        )

    def __str__(self) -> str:
        return self.slug


class Population(models.Model):
    """A head count with its date and territory: without both no share of it means anything (SPEC 2)."""

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="populations")
    count = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    counted_on = models.DateField()
    territory_kk = models.CharField(max_length=200)
    territory_ru = models.CharField(max_length=200)
    territory_en = models.CharField(max_length=200)
    source = models.CharField(max_length=300)

    class Meta:
        ordering = ("city", "counted_on", "pk")
        constraints = (
            models.CheckConstraint(condition=models.Q(count__gt=0), name="population_positive"),
            models.UniqueConstraint(fields=("city", "counted_on", "territory_en"), name="population_once"),
        )

    def __str__(self) -> str:
        return f"{self.city_id} {self.count}"


class Organiser(models.Model):
    """An organisation and what it answers for."""

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="organisers")
    position = models.PositiveSmallIntegerField()
    name_kk = models.CharField(max_length=200)
    name_ru = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    role_kk = models.CharField(max_length=120)
    role_ru = models.CharField(max_length=120)
    role_en = models.CharField(max_length=120)
    duties_kk = models.CharField(max_length=400, blank=True)
    duties_ru = models.CharField(max_length=400, blank=True)
    duties_en = models.CharField(max_length=400, blank=True)
    #: Where the organisation answers. What people's own contacts are is nobody's business here.
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    site = models.URLField(blank=True)
    #: Roles (``core.regulation.Role``) that its people hold, sorted: from them follows what it decides.
    roles = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ("city", "position")
        constraints = (models.UniqueConstraint(fields=("city", "position"), name="organiser_position_once"),)

    def __str__(self) -> str:
        return self.name_en
