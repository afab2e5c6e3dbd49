import GuardianClients
import GuardianCore
import Testing

import GuardianONVIF

@Suite("Addresses of cameras")
struct AddressRulesTests {
    @Test("of this machine and of links are asked only when that is allowed, others of no use never")
    func rules() throws {
        func permitted(_ rules: AddressRules, _ text: String) throws -> Bool {
            rules.permits(try #require(IPAddress(ofHost: text)))
        }
        let all = AddressRules(allowsLoopback: true, allowsLinkLocal: true)
        for text in ["192.168.1.20", "8.8.8.8", "fd00::20"] { #expect(try permitted(AddressRules(), text)) }
        for text in ["127.0.0.1", "::1", "169.254.7.7"] {
            #expect(try !permitted(AddressRules(), text))
            #expect(try permitted(all, text))
        }
        for text in [
            "169.254.169.254", "::ffff:169.254.169.254", "239.255.255.250", "fe80::1", "0.0.0.0", "64:ff9b::7f00:1",
        ] {
            #expect(try !permitted(all, text))
        }
    }

    @Test("of a name are checked, and the first permitted one is connected to")
    func names() async throws {
        let resolver = HostResolver { host in
            switch host {
            case "mixed": ["127.0.0.1", "169.254.169.254", "192.168.1.20"].compactMap { IPAddress($0) }
            case "bad": ["169.254.169.254", "::1"].compactMap { IPAddress($0) }
            default: []
            }
        }
        let rules = AddressRules(resolver: resolver)
        #expect(try await rules.target(of: "mixed").description == "192.168.1.20")
        #expect(try await rules.target(of: "10.0.0.7").description == "10.0.0.7")
        #expect(await failure { try await rules.target(of: "bad") } == .forbiddenAddress(.metadata))
        #expect(await failure { try await rules.target(of: "none") } == .unknownHost)
    }

    @Test("of a name that is not looked up to the end are none: nothing is connected to")
    func cancelled() async {
        let (started, start) = AsyncStream<Void>.makeStream()
        let rules = AddressRules(
            resolver: HostResolver { _ in
                start.finish()
                // A machine's resolver that goes on after its answer is of no use any more.
                while !Task.isCancelled { await Task.yield() }
                return [IPAddress("192.168.1.20")].compactMap { $0 }
            })
        let search = Task { await failure { try await rules.target(of: "slow") } }
        for await _ in started {}
        search.cancel()
        #expect(await search.value == .unknownHost)
    }
}

@Suite("Web addresses")
struct PlainURITests {
    @Test(
        "are split into scheme, host, port and the rest, without name and password",
        arguments: [
            ("rtsp://192.168.1.20/live?x=1", "rtsp://192.168.1.20/live?x=1"),
            ("RTSP://Admin:p%40ss@Cam.Local:554/a", "rtsp://cam.local:554/a"),
            ("http://a@b@10.0.0.1:80", "http://10.0.0.1:80"),
            ("http://[FD00::1]:8080/a#b", "http://[fd00::1]:8080/a#b"), ("http://[fd00::1]?q", "http://[fd00::1]?q"),
        ])
    func splits(_ text: String, _ whole: String) { #expect(PlainURI(text)?.text == whole) }

    @Test(
        "are refused when they are not plain",
        arguments: [
            "", "rtsp://", "://a", "host", "http:/a", "http://a b/", "http://a/\r\nX: y", "http://ä/", "http://a:0/",
            "http://a:65536/", "http://a:1x/", "http://[zz]/", "http://[::1/", "http://[::1]x/", "http://a\"b/",
            "ht tp://a/",
            "http://user:pa/ss@host/", "http://a/" + String(repeating: "x", count: 1_024), "http://::1:80/",
            "http://@/",
        ])
    func refuses(_ text: String) { #expect(PlainURI(text) == nil, "\(PlainURI(text)?.text ?? "")") }

    @Test(
        "of a camera may be a host, a host and a port, or a whole one",
        arguments: [
            ("192.168.1.20", "http://192.168.1.20:80/onvif/device_service"),
            ("192.168.1.20:8000", "http://192.168.1.20:8000/onvif/device_service"),
            ("camera.local", "http://camera.local:80/onvif/device_service"),
            ("fd00::20", "http://[fd00::20]:80/onvif/device_service"),
            ("[fd00::20]:81", "http://[fd00::20]:81/onvif/device_service"),
            ("https://10.0.0.1/other", "https://10.0.0.1:443/other"),
            ("http://10.0.0.1/", "http://10.0.0.1:80/onvif/device_service"),
        ])
    func cameras(_ text: String, _ url: String) throws {
        let address = try CameraAddress(text)
        #expect(address.url == url)
    }

    @Test(
        "of a camera are refused with an example", arguments: ["", "a b", "rtsp://10.0.0.1/", "10.0.0.1:99999", "a/b"])
    func noCameras(_ text: String) {
        let error = #expect(throws: GuardianError.self) { try CameraAddress(text) }
        #expect(error?.message.contains("192.168.1.20") == true)
    }

    @Test("of services stand at the host that we talk to, at the port that the camera gives")
    func services() throws {
        let plain = try CameraAddress("192.168.1.20:8000")
        #expect(plain.service(at: "http://10.9.9.9:81/onvif/media")?.url == "http://192.168.1.20:81/onvif/media")
        #expect(plain.service(at: "http://169.254.169.254/latest")?.host == "192.168.1.20")
        #expect(plain.service(at: "file:///etc/passwd") == nil)
        let secure = try CameraAddress("https://192.168.1.20:444")
        #expect(secure.service(at: "http://192.168.1.20/m")?.url == "https://192.168.1.20:444/m")
    }

    @Test("of redirects stay at the host, and do not give up encryption")
    func redirects() throws {
        let plain = try CameraAddress("192.168.1.20")
        #expect(plain.redirected(to: "https://192.168.1.20/s")?.url == "https://192.168.1.20:443/s")
        #expect(plain.redirected(to: "/s?x=1")?.url == "http://192.168.1.20:80/s?x=1")
        for other in ["http://192.168.1.21/", "//192.168.1.20/", "s", "/a b", "/\u{0}", ""] {
            #expect(plain.redirected(to: other) == nil, "\(other)")
        }
        #expect(try CameraAddress("https://192.168.1.20/").redirected(to: "http://192.168.1.20/") == nil)
    }

    @Test(
        "of streams get the host that we talk to, and lose the password",
        arguments: [
            ("rtsp://192.168.1.20:554/a", "rtsp://192.168.1.20:554/a", "rtsp://192.168.1.20:554/a", nil),
            ("rtsp://u:p@10.0.0.5/a?b=c", "rtsp://192.168.1.20/a?b=c", "rtsp://192.168.1.20/a?b=c", "10.0.0.5"),
            ("rtsps://cam.local:322/a", "rtsps://192.168.1.20:322/a", "rtsps://192.168.1.20:322/a", "cam.local"),
            (
                "rtsp://192.168.1.20/user=admin&password=tiger&c=1",
                "rtsp://192.168.1.20/user=admin&password=tiger&c=1",
                "rtsp://192.168.1.20/user=admin&password=…&c=1", nil
            ),
        ] as [(String, String, String, String?)])
    func streams(_ text: String, _ complete: String, _ shown: String, _ claimed: String?) throws {
        let address = try #require(StreamAddress(text, schemes: ["rtsp", "rtsps"], host: "192.168.1.20"))
        #expect(address.complete.reveal() == complete)
        #expect(address.text == shown)
        #expect(address.claimedHost == claimed)
        #expect(!"\(address)".contains("tiger"))
    }

    @Test(
        "of streams are refused with another scheme", arguments: ["http://192.168.1.20/a", "file:///a", "", "rtsp://"])
    func noStreams(_ text: String) {
        #expect(StreamAddress(text, schemes: ["rtsp", "rtsps"], host: "192.168.1.20") == nil)
    }
}
