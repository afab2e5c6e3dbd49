"""Other people's ONVIF software, as a program that runs in a test's network.

    onvif_peer.py device NAME MAKER USER PASSWORD [ADDRESS [HOST]]   a camera (ipycam) on port 8080 of HOST; answers name ADDRESS;
                                                              prints a line for each login that it is sent
    onvif_peer.py publish ADDRESS                             a device of WSDiscovery that says it is at ADDRESS
    onvif_peer.py lie SOURCE                                  answers probes from SOURCE with what no camera sends
    onvif_peer.py search                                      what onveef finds, as JSON
    onvif_peer.py ask HOST PORT USER PASSWORD                 what onveef gets from a camera, as JSON
"""

import json
import socket
import socketserver
import sys
import time
import types

HOST = "192.168.77.1"


def device(name, maker, user, password, address=HOST, host=HOST):
    # ipycam's pictures need OpenCV; its ONVIF services do not, and OpenCV is larger than all other test packages together.
    sys.modules.setdefault("cv2", types.ModuleType("cv2"))
    from ipycam import CameraConfig, IPCameraHTTPHandler, ONVIFService, WSDiscoveryServer

    config = CameraConfig(
        name=name, manufacturer=maker, model="Eye 4", serial_number="SN-77", local_ip=address, onvif_port=8080, username=user,
        password=password, main_width=1920, main_height=1080, sub_width=640, sub_height=360,
    )

    class Service(ONVIFService):
        def verify_usernametoken(self, body):
            accepts = super().verify_usernametoken(body)
            if "UsernameToken" in body:
                print("login", "in clear text" if "#PasswordText" in body else "by digest", "accepted" if accepts else "refused", flush=True)
            return accepts

    class Handler(IPCameraHTTPHandler):
        def do_POST(self):
            if "Authorization" in self.headers:
                print("login over HTTP", flush=True)
            super().do_POST()

    service = Service(config)
    IPCameraHTTPHandler.camera = types.SimpleNamespace(config=config, onvif=service)
    socketserver.ThreadingTCPServer.allow_reuse_address = True
    server = socketserver.ThreadingTCPServer((host, 8080), Handler)
    config.local_ip = host
    discovery = WSDiscoveryServer(service)
    config.local_ip = address
    discovery.start()
    print("ready", flush=True)
    server.serve_forever()


def publish(address):
    from wsdiscovery import QName, Scope
    from wsdiscovery.publishing import ThreadedWSPublishing

    publishing = ThreadedWSPublishing()
    publishing.start()
    publishing.publishService(
        types=[QName("http://www.onvif.org/ver10/network/wsdl", "NetworkVideoTransmitter")],
        scopes=[Scope("onvif://www.onvif.org/name/AXIS%20P3268"), Scope("onvif://www.onvif.org/location/hall")],
        xAddrs=[f"http://{address}:8081/onvif/device_service"],
    )
    print("ready", flush=True)
    while True:
        time.sleep(60)


MATCH = (
    "<e:Envelope xmlns:e='e' xmlns:a='a' xmlns:d='d'><e:Body><d:ProbeMatches><d:ProbeMatch><a:EndpointReference>"
    "<a:Address>urn:uuid:{0}</a:Address></a:EndpointReference><d:Types>tds:Device</d:Types>"
    "<d:XAddrs>http://169.254.169.254/latest/meta-data</d:XAddrs></d:ProbeMatch></d:ProbeMatches></e:Body></e:Envelope>"
)


def lie(source):
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("239.255.255.250", 3702))
    group = socket.inet_aton("239.255.255.250") + socket.inet_aton(source)
    listener.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group)
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sender.bind((source, 0))
    bomb = "<!DOCTYPE a [<!ENTITY b 'c'>]>" + MATCH.format("&b;")
    print("ready", flush=True)
    while True:
        _, asker = listener.recvfrom(65_536)
        for lie in [b"", b"\0\xff", b"<e:Envelope>", bomb.encode(), MATCH.format("x" * 60_000).encode()]:
            sender.sendto(lie, asker)
        for number in range(40):
            sender.sendto(MATCH.format(number).encode(), asker)


def search():
    from onveef import wsdiscovery

    print(json.dumps(sorted(found.device_service for found in wsdiscovery.discover(timeout_s=3))))


def ask(host, port, user, password):
    from onveef import OnvifClient

    with OnvifClient(host, int(port), user, password) as camera:
        information = camera.get_device_information()
        streams = {
            str(profile["token"]): camera.get_stream_uri(profile_token=profile["token"]) for profile in camera.get_profiles()
        }
    print(json.dumps({"information": information, "streams": streams}, default=str))


if __name__ == "__main__":
    {"device": device, "publish": publish, "lie": lie, "search": search, "ask": ask}[sys.argv[1]](*sys.argv[2:])
