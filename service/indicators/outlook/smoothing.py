"""Exponential smoothing with a damped trend and a weekly season, by statsmodels. Pure, CPU."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np

from service.indicators.outlook.naive import WEEK, from_log
from service.indicators.outlook.range import Z80, Range

_ROUNDS = 100


def exponential_smoothing(volumes: Sequence[float], days: int) -> tuple[Range, ...]:
    """The days after the volumes: ETS(A, Ad, A) of log(1 + posts), fitted by likelihood.

    R. Hyndman, A. Koehler, J. Ord, R. Snyder, Forecasting with Exponential Smoothing, 2008. Takes
    some tenths of a second; the first call some seconds more, for the library. Raises ValueError
    where it cannot be fitted.
    """
    # Only who asks for a forecast pays for the import.
    import pandas
    from statsmodels.tools.sm_exceptions import ConvergenceWarning
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    model = ETSModel(
        pandas.Series(np.log1p(np.asarray(volumes, dtype=np.float64))),
        error="add",
        trend="add",
        damped_trend=True,
        seasonal="add",
        seasonal_periods=WEEK,
        initialization_method="heuristic",
    )
    with warnings.catch_warnings():
        # Stopped early is no failure: the back-test says how good it is.
        warnings.simplefilter("ignore", ConvergenceWarning)
        fitted = model.fit(disp=False, maxiter=_ROUNDS)
    frame = fitted.get_prediction(start=len(volumes), end=len(volumes) + days - 1).summary_frame(
        alpha=0.2
    )
    middles = frame["mean"].to_numpy()
    spreads = (frame["pi_upper"].to_numpy() - middles) / Z80
    if not (np.isfinite(middles).all() and np.isfinite(spreads).all()):
        raise ValueError("no finite forecast")
    return tuple(
        from_log(float(middle), float(spread))
        for middle, spread in zip(middles, spreads, strict=True)
    )
