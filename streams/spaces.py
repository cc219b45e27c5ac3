"""In which brands' spaces an event is, and why: section 1 of the domain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.vocabulary import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from schemas.event import SocialEvent
    from schemas.registry import Registry
    from streams.address import Address, Party
    from streams.conversation import Conversation


class Spaces:
    """The spaces of one conversation's events.

    Args:
        conversation: The conversation.
        registry: Names the brands that a collector may assert.
        addresses: The address of each message, by id.
    """

    def __init__(
        self, conversation: Conversation, registry: Registry, addresses: Mapping[str, Address]
    ) -> None:
        self._known = registry.names
        root = conversation.root
        self._root_brand = addresses[root.id].writer.brand if root else None
        self.mistaken = frozenset(address.mistaken for address in addresses.values() if address.mistaken)
        """Brands that platforms name as addressees, and that are not: they may have been taken for it."""
        # A brand is in the conversation from the first message that it wrote, or that addresses or names it.
        # Deleted messages keep their part in this: a delete takes a message out, not the ones around it.
        self._joined: dict[str, datetime] = {}
        self._reasons: dict[str, dict[str, Scope]] = {}
        for message in conversation.messages.values():
            self._reasons[message.id] = self._direct_reasons(addresses[message.id])
            for brand in self._reasons[message.id]:
                self._joined.setdefault(brand, message.published)

    @staticmethod
    def _direct_reasons(address: Address) -> dict[str, Scope]:
        """Brands that have to do with a message itself, each with the first reason that holds."""
        reasons: dict[str, Scope] = {}
        if address.writer.brand is not None:
            reasons[address.writer.brand] = Scope.WROTE
        if address.to is not None and address.to.brand is not None:
            reasons.setdefault(address.to.brand, Scope.ADDRESSED)
        for party in address.named:
            if party.brand is not None:
                reasons.setdefault(party.brand, Scope.MENTIONED)
        return reasons

    def of_message(self, message: SocialEvent) -> dict[str, Scope]:
        """The brands in whose space a message is, and why."""
        return self._with_conversation(message, self._reasons[message.id].copy())

    def of_reaction(self, reaction: SocialEvent, actor: Party, towards: Party | None) -> dict[str, Scope]:
        """The brands in whose space a reaction is, and why."""
        reasons: dict[str, Scope] = {}
        if actor.brand is not None:
            reasons[actor.brand] = Scope.WROTE
        if towards is not None and towards.brand is not None:
            reasons.setdefault(towards.brand, Scope.ADDRESSED)
        return self._with_conversation(reaction, reasons)

    def _with_conversation(self, event: SocialEvent, reasons: dict[str, Scope]) -> dict[str, Scope]:
        if self._root_brand is not None:
            reasons.setdefault(self._root_brand, Scope.ROOT)
        for brand, since in self._joined.items():
            if since <= event.published:
                reasons.setdefault(brand, Scope.CONVERSATION)
        for brand in event.brands:
            if brand in self._known:
                reasons.setdefault(brand, Scope.ASSERTED)
        return reasons
