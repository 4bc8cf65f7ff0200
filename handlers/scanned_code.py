"""What a scanned QR code leads to: a device's report, joining as staff, or the greeting."""

from handlers import bind_account, greet, report_device
from handlers.dialog import Context, Turn
from services import binding, devices


def scanned(ctx: Context) -> Turn:
    """By the scene of a scan, or of a follow by scanning; other codes are greeted."""
    scene = ctx.heard.scene or ""
    if code := _behind(devices.SCENE, scene):
        return report_device.scanned(ctx, code)
    if code := _behind(binding.SCENE, scene):
        return bind_account.scanned(ctx, code)
    return greet.welcome(ctx)


def _behind(prefix: str, scene: str) -> str:
    return scene.removeprefix(prefix).strip() if scene.startswith(prefix) else ""
