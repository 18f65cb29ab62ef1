"""HTTP: routes by noun, wire schemas, and the one place where errors become statuses."""

from movieapp.api.app import build_api as build_api
