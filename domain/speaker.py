"""Who speaks to the desk: what is known of them, and what the desk still has to ask once."""

from dataclasses import dataclass

from domain.permissions import Permission, Role, has_role_for


@dataclass(frozen=True, slots=True)
class Speaker:
    """A person as a conversation sees them."""

    id: int
    openid: str
    roles: frozenset[Role]
    name: str | None = None
    department: str | None = None
    office: str | None = None
    phone: str | None = None
    extension: str | None = None

    @property
    def reached_by(self) -> str | None:
        return self.phone or self.extension

    @property
    def missing(self) -> tuple[str, ...]:
        """What a first report has to ask for: name, department and a number (F1, R1)."""
        known = {
            "department": self.department,
            "name": self.name,
            "phone": self.reached_by,
        }
        return tuple(field for field, value in known.items() if not value)

    def could(self, permission: Permission) -> bool:
        """Whether some of their roles may do this at all."""
        return has_role_for(self.roles, permission)
