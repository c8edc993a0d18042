"""The worker without the pause: it never accepts while all threads are busy, so that tests are exact."""

from __future__ import annotations

import math

import app.worker


class Worker(app.worker.Worker):
    ACCEPT_PAUSE = math.inf
