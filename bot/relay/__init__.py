# SPDX-License-Identifier: EUPL-1.2
"""The outbox worker and its senders."""
