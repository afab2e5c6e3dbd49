import GuardianClients
import GuardianCore
import GuardianTestKit
import Testing

import GuardianONVIF

@Suite("Answers to the camera search")
struct SearchAnswersTests {
    static func match(
        _ identifier: String = "urn:uuid:1", types: String = "dn:NetworkVideoTransmitter",
        scopes: String = "onvif://www.onvif.org/name/ACME",
        addresses: String = "http://192.168.1.20/onvif/device_service",
        relates: String = "", wrapped: Bool = true
    ) -> String {
        let match =
            "<d:ProbeMatch><a:EndpointReference><a:Address>\(identifier)</a:Address></a:EndpointReference>"
            + "<d:Types>\(types)</d:Types><d:Scopes>\(scopes)</d:Scopes><d:XAddrs>\(addresses)</d:XAddrs></d:ProbeMatch>"
        let header = relates.isEmpty ? "" : "<s:Header><a:RelatesTo>\(relates)</a:RelatesTo></s:Header>"
        return "<s:Envelope xmlns:s='s' xmlns:a='a' xmlns:d='d'>\(header)<s:Body>"
            + (wrapped ? "<d:ProbeMatches>\(match)</d:ProbeMatches>" : match) + "</s:Body></s:Envelope>"
    }

    private static let home = "192.168.1.20"

    private func found(
        _ text: String, from source: String = home, rules: AddressRules = AddressRules(), probes: Set<String> = []
    ) throws -> [FoundCamera] {
        var answers = SearchAnswers(rules: rules)
        let new = answers.add(Array(text.utf8), from: try #require(IPAddress(source)), to: probes)
        return new + answers.finish()
    }

    @Test("give name, hardware, place and maker from the scopes")
    func scopes() throws {
        let scopes = """
            onvif://www.onvif.org/type/video_encoder onvif://www.onvif.org/name/HIKVISION%20DS-2CD2043
            ONVIF://WWW.ONVIF.ORG/hardware/DS-2CD2043 onvif://www.onvif.org/location/city/Bonn
            onvif://www.onvif.org/location/hall http://other/name/x
            """
        let camera = try #require(try found(Self.match(scopes: scopes)).first)
        #expect(camera.name == "HIKVISION DS-2CD2043" && camera.hardware == "DS-2CD2043")
        #expect(camera.location == "city/Bonn, hall" && camera.maker == "Hikvision")
        #expect(camera.address.url == "http://192.168.1.20:80/onvif/device_service")
        #expect(camera.claimedHost == nil && camera.isPermitted)
    }

    @Test(
        "know makers by a word of their own, or because the camera says so",
        arguments: [
            ("onvif://www.onvif.org/name/Dahua", "Dahua"), ("onvif://www.onvif.org/name/AXIS%20M3045", "Axis"),
            ("onvif://www.onvif.org/name/Axisymmetric", nil), ("onvif://www.onvif.org/name/Front", nil),
            ("onvif://www.onvif.org/name/Front onvif://www.onvif.org/manufacturer/Zenith", "Zenith"),
            ("onvif://www.onvif.org/mfr/HIKVISION", "Hikvision"),
            ("onvif://www.onvif.org/name/TP-Link%20Tapo", "TP-Link"),
        ] as [(String, String?)])
    func makers(_ scopes: String, _ maker: String?) throws {
        #expect(try found(Self.match(scopes: scopes)).first?.maker == maker)
    }

    @Test("are asked where they came from, whatever address is in them")
    func source() throws {
        let liar = try #require(try found(Self.match(addresses: "http://10.0.0.1:81/x"), from: "192.168.1.66").first)
        #expect(liar.address.url == "http://192.168.1.66:81/x")
        #expect(liar.claimedHost == "10.0.0.1")
        // Several, one of which is the source.
        let both = "http://[fe80::1]/a https://192.168.1.20:444/b http://169.254.3.3/c"
        let camera = try #require(try found(Self.match(addresses: both)).first)
        #expect(camera.address.url == "https://192.168.1.20:444/b" && camera.claimedHost == nil)
        // None, or none that is one.
        for none in ["", "file:///etc/passwd", "http://a b", "javascript:x"] {
            let camera = try #require(try found(Self.match(addresses: none)).first)
            #expect(camera.address.host == Self.home && camera.address.port == 80)
        }
    }

    @Test("from this machine or a link are named, and not asked")
    func notPermitted() throws {
        for source in ["127.0.0.1", "169.254.4.4", "fe80::4"] {
            #expect(try found(Self.match(), from: source).map(\.isPermitted) == [false])
        }
        let rules = AddressRules(allowsLoopback: true)
        #expect(try found(Self.match(), from: "127.0.0.1", rules: rules).first?.isPermitted == true)
    }

    @Test("are read without the element around them, and to our own probes only")
    func shapes() throws {
        #expect(try found(Self.match(wrapped: false)).count == 1)
        #expect(try found(Self.match(relates: "urn:uuid:p"), probes: ["urn:uuid:p"]).count == 1)
        #expect(try found(Self.match(relates: "urn:uuid:q"), probes: ["urn:uuid:p"]).isEmpty)
    }

    @Test("of printers, of no XML, and of bombs are none")
    func others() throws {
        #expect(try found(Self.match(types: "wprt:PrintDeviceType", scopes: "ldap:///x")).isEmpty)
        #expect(try found(Self.match(types: "tds:Device", scopes: "")).count == 1)
        for text in ["", "x", "<a/>", "<!DOCTYPE a [<!ENTITY b 'c'>]>" + Self.match(), String(Self.match().dropLast())]
        {
            #expect(try found(text).isEmpty)
        }
        #expect(try found(Self.match(scopes: String(repeating: "a ", count: ProbeMatch.datagramLimit))).isEmpty)
    }

    @Test("of one camera count once; cameras that share an identifier are two")
    func once() throws {
        var answers = SearchAnswers(rules: AddressRules())
        let (first, second) = (try #require(IPAddress("192.168.1.20")), try #require(IPAddress("192.168.1.21")))
        let text = Array(Self.match(addresses: "").utf8)
        #expect(answers.add(text, from: first, to: []).count == 1)
        #expect(answers.add(text, from: first, to: []).isEmpty)
        #expect(answers.add(text, from: second, to: []).count == 1)
        #expect(answers.finish().isEmpty)
    }

    @Test("from a link-local address are held back, and dropped if the camera has a better one")
    func held() throws {
        var answers = SearchAnswers(rules: AddressRules())
        let link = try #require(IPAddress("fe80::20"))
        let four = try #require(IPAddress("169.254.9.9"))
        #expect(answers.add(Array(Self.match("urn:uuid:1").utf8), from: link, to: []).isEmpty)
        #expect(answers.add(Array(Self.match("urn:uuid:2").utf8), from: link, to: []).isEmpty)
        #expect(answers.add(Array(Self.match("urn:uuid:2").utf8), from: four, to: []).isEmpty)
        #expect(
            answers.add(Array(Self.match("urn:uuid:1").utf8), from: try #require(IPAddress(Self.home)), to: []).count
                == 1)
        #expect(answers.finish().map(\.address.host) == ["169.254.9.9"])
    }

    @Test("are bounded: per address, in cameras, in addresses, in number")
    func bounds() throws {
        var answers = SearchAnswers(rules: AddressRules())
        let liar = try #require(IPAddress("192.168.1.66"))
        var found = 0
        for index in 0..<200 {
            found += answers.add(Array(Self.match("urn:uuid:\(index)").utf8), from: liar, to: []).count
        }
        #expect(found == SearchAnswers.camerasPerSource)
        #expect(answers.ignored > 100)
        // An honest camera is still heard.
        #expect(answers.add(Array(Self.match().utf8), from: try #require(IPAddress(Self.home)), to: []).count == 1)
        for index in 0..<5_000 {
            let source = try #require(IPAddress("10.1.\(index / 250).\(index % 250)"))
            found += answers.add(Array(Self.match("urn:uuid:x\(index)").utf8), from: source, to: []).count
        }
        #expect(found == SearchAnswers.cameraLimit - 1)
        let many = String(repeating: "<d:ProbeMatch><d:Types>tds:Device</d:Types></d:ProbeMatch>", count: 100)
        let text =
            "<s:Envelope xmlns:s='s' xmlns:d='d'><s:Body><d:ProbeMatches>\(many)</d:ProbeMatches></s:Body></s:Envelope>"
        #expect(ProbeMatch.all(in: Array(text.utf8), to: []).count == ProbeMatch.limit)
    }

    @Test("answer probes that have an identifier of their own")
    func probe() throws {
        let probe = Probe(.device, Randomness { count in Array(repeating: 0xFF, count: count) })
        #expect(probe.identifier == "urn:uuid:ffffffff-ffff-4fff-bfff-ffffffffffff")
        let root = try XMLReader.read(Array(probe.message.utf8))
        #expect(root["Header"]?["MessageID"]?.text == probe.identifier)
        #expect(root["Body"]?["Probe"]?["Types"]?.text == "tds:Device")
        #expect(probe.message.utf8.count < 1_400)
    }
}
