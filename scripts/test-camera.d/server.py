"""The RTSP server: one shared media per camera, fed from memory by the main loop."""

import os

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

MILLISECOND = 1_000_000
# Limits the queue for a client that requests a description and never plays.
WAITING_BYTES = 8_000_000


class Player:
    """Pushes a loop into one media from its first client to its last, in real time."""

    def __init__(self, loop, begun, media):
        self.loop = loop
        self.begun = begun
        self.ended = False
        element = media.get_element()
        self.sources = {"video": element.get_by_name_recurse_up("video"), "audio": element.get_by_name_recurse_up("audio")}
        media.connect("unprepared", self.end)
        GLib.timeout_add(2, self.start)

    def end(self, _media):
        self.ended = True

    def start(self):
        """Waits for the pipeline's clock, then starts at the newest keyframe before the camera's current position."""
        source = self.sources["video"]
        clock = source.get_clock()
        if self.ended:
            return False
        if clock is None or source.current_state != Gst.State.PLAYING:
            return True
        place = (GLib.get_monotonic_time() * 1000 - self.begun) % self.loop.duration
        keys = [index for index, piece in enumerate(self.loop.pieces) if piece.kind == "video" and piece.key]
        self.index = max((index for index in keys if self.loop.pieces[index].at <= place), default=keys[0])
        self.round = 0
        self.zero = clock.get_time() - source.get_base_time() - self.loop.pieces[self.index].at
        self.clock, self.base = clock, source.get_base_time()
        self.push()
        return False

    def push(self):
        """Pushes all pieces that are due, then schedules itself for the next one."""
        while not self.ended:
            piece = self.loop.pieces[self.index]
            due = self.zero + self.round * self.loop.duration + piece.at
            now = self.clock.get_time() - self.base
            if due > now + MILLISECOND:
                GLib.timeout_add(max(1, (due - now) // MILLISECOND), self.push)
                return False
            source = self.sources[piece.kind]
            if source is not None:
                buffer = Gst.Buffer.new_wrapped(piece.bytes)
                buffer.pts = buffer.dts = due
                if not piece.key:
                    buffer.set_flags(Gst.BufferFlags.DELTA_UNIT)
                source.emit("push-buffer", buffer)
            self.index += 1
            if self.index == len(self.loop.pieces):
                self.index, self.round = 0, self.round + 1
        return False


def description(loop):
    """Returns the pipeline of one camera: it packs encoded frames into RTP packets unchanged."""
    source = f"is-live=true format=time block=false max-bytes={WAITING_BYTES} leaky-type=downstream"
    kind, pay = {"h264": ("x-h264", "rtph264pay aggregate-mode=zero-latency"), "h265": ("x-h265", "rtph265pay")}[loop.codec]
    elements = [
        f'appsrc name=video {source} caps="video/{kind},stream-format=byte-stream,alignment=au"',
        f"! {pay} name=pay0 pt=96 config-interval=-1 mtu=1400",
    ]
    if loop.sound:
        sound = loop.sound
        caps = (
            "audio/mpeg,mpegversion=4,stream-format=raw,framed=true,"
            f"rate={sound.rate},channels={sound.channels},codec_data=(buffer){sound.configuration.hex()}"
        )
        elements += [f'appsrc name=audio {source} caps="{caps}"', "! rtpmp4gpay name=pay1 pt=97"]
    return "( " + " ".join(elements) + " )"


class CameraServer:
    def __init__(self, address, port, cameras, credentials, audio):
        Gst.init(None)
        self.names = [name for name, _, _ in cameras]
        self.main = GLib.MainLoop()
        self.server = GstRtspServer.RTSPServer()
        self.address = address
        self.server.set_address(address)
        self.server.set_service(str(port))
        if credentials:
            self.server.set_auth(self.guard(*credentials))
        begun = GLib.get_monotonic_time() * 1000
        mounts = self.server.get_mount_points()
        for name, loop, start in cameras:
            factory = GstRtspServer.RTSPMediaFactory()
            factory.set_launch(description(loop))
            factory.set_shared(True)
            factory.set_latency(0)
            if credentials:
                permissions = GstRtspServer.RTSPPermissions()
                permissions.add_permission_for_role("viewer", "media.factory.access", True)
                permissions.add_permission_for_role("viewer", "media.factory.construct", True)
                factory.set_permissions(permissions)
            offset = begun - int(start * 1_000_000_000)
            factory.connect("media-configure", lambda _, media, loop=loop, offset=offset: Player(loop, offset, media))
            mounts.add_factory(f"/{name}", factory)
        if not self.server.attach(None):
            raise OSError(f"port {port} of {address} cannot be opened: is another camera server running?")

    def guard(self, name, password):
        auth = GstRtspServer.RTSPAuth()
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
        token = GstRtspServer.RTSPToken()
        token.set_string("media.factory.role", "viewer")
        auth.add_digest(name, password, token)
        return auth

    def urls(self):
        return [f"rtsp://{self.address}:{self.server.get_bound_port()}/{name}" for name in self.names]

    def quit_on(self, number):
        GLib.unix_signal_add(GLib.PRIORITY_HIGH, number, self.main.quit)

    def watch_parent(self):
        """Checks the parent once a second, since a killed parent sends no signal. (PR_SET_PDEATHSIG follows the parent's thread.)"""
        parent = os.getppid()

        def check():
            if os.getppid() != parent:
                self.main.quit()
            return True

        GLib.timeout_add(1000, check)

    def run(self):
        self.main.run()
