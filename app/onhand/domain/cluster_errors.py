"""Failures of batches on a cluster."""

from __future__ import annotations

from onhand.domain.errors import AppError


class ClusterOff(AppError):
    """Texts may not go to other machines."""

    code = "cluster_off"
    title = (
        "Batches may not be spread over a cluster, because texts leave this computer then"
    )
    hint = "'onhand settings set allow_cluster yes' allows it, unless it is managed."
    window_hint = "Turn on 'Allow a cluster', unless it is managed."
    exit_code = 7


class ClusterMissing(AppError):
    """What speaks to clusters is not installed."""

    code = "cluster_missing"
    title = "What speaks to a cluster is not installed"
    hint = "Install the extra 'cluster': pip install 'onhand[cluster]'."
    exit_code = 2


class ClusterFailed(AppError):
    """The cluster cannot be reached, or its workers cannot answer."""

    code = "cluster_failed"
    title = "The cluster did not answer"
    hint = (
        "Every worker needs this version of Onhand and the same model. What was answered is"
        " kept: run it again to go on, with --cluster or without."
    )
    window_hint = (
        "Every worker needs this version of Onhand and the same model. What was answered"
        " is kept."
    )
    exit_code = 12
