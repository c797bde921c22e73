"""Figures for Prometheus."""

from config import environment

METRICS_TOKEN = environment.token("METRICS_TOKEN")
