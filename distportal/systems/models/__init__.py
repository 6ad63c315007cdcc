"""How other systems are reached, what was asked of them, and which ERP owns what since when."""

from distportal.systems.models.connections import ErpConnection, ErpIdentity, LogisticsConnection, SystemCall
from distportal.systems.models.ownership import ErpAssignment, ErpSwitch, ErpSwitchSubject, OwnedKind

__all__ = [
    "ErpAssignment",
    "ErpConnection",
    "ErpIdentity",
    "ErpSwitch",
    "ErpSwitchSubject",
    "LogisticsConnection",
    "OwnedKind",
    "SystemCall",
]
