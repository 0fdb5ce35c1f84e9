"""PromQL that several panels share; `W` stands for the dashboard's worker selector."""


def quantiles(metric: str, *shares: float, by: str = "") -> tuple[tuple[str, str], ...]:
    """Quantiles of a histogram over all chosen workers, or one line for each `by`."""
    return tuple(
        (
            f"histogram_quantile({share}, "
            f"sum by (le{', ' + by if by else ''}) (rate({metric}_bucket{{W}}[$__rate_interval])))",
            f"p{share * 100:g}" + (f" {{{{{by}}}}}" if by else ""),
        )
        for share in shares
    )


def rate(metric: str, by: str, extra: str = "") -> tuple[tuple[str, str], ...]:
    """Events a second, one line for each `by`."""
    return ((f"sum by ({by}) (rate({metric}{{W{extra}}}[$__rate_interval]))", f"{{{{{by}}}}}"),)
