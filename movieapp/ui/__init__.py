"""The web interface: pages over the same serving functions as the API."""

from movieapp.ui.mount import mount_ui as mount_ui
