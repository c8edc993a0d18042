"""The worker, but that one whose threads are all busy never accepts: so that a test sees who has accepted."""

from __future__ import annotations

import math

import app.worker


class Worker(app.worker.Worker):
    ACCEPT_PAUSE = math.inf
