import GuardianClients
import GuardianCore
import GuardianTestKit
import Testing

import GuardianONVIF

@Suite("SOAP")
struct SOAPTests {
    @Test("tokens have the digest of the ONVIF Application Programmer's Guide's example (6.1.1.3)")
    func published() throws {
        // The guide's nonce, in base64: LKqI6G/AikKCQrN0zqZFlg==
        let token = UsernameToken(
            name: "user", password: Secret("userpassword"),
            nonce: [0x2C, 0xAA, 0x88, 0xE8, 0x6F, 0xC0, 0x8A, 0x42, 0x82, 0x42, 0xB3, 0x74, 0xCE, 0xA6, 0x45, 0x96],
            created: "2010-09-16T07:50:45Z")
        #expect(token.digest == "tuOSpGlFlIXsozq4HFNeeGeFLEI=")
        #expect(token.header(.digest).contains("LKqI6G/AikKCQrN0zqZFlg=="))
        #expect(!token.header(.digest).contains("userpassword"))
        #expect(token.header(.text).contains("#PasswordText\">userpassword<"))
    }

    @Test("requests are well-formed, whatever the name and the password are")
    func escaping() throws {
        let token = UsernameToken(
            name: "a<b>&\"\u{1}", password: Secret("</w:Password>&\u{0}"), nonce: [1], created: "2026-11-26T12:00:00Z")
        let request = ONVIFRequest.streamURI1("</ProfileToken>&'\"")
        let root = try XMLReader.read(Array(request.envelope(security: token.header(.text)).utf8))
        let header = root["Header"]?["Security"]?["UsernameToken"]
        #expect(header?["Username"]?.text == "a<b>&\"")
        #expect(header?["Password"]?.text == "</w:Password>&")
        #expect(root["Body"]?["GetStreamUri"]?["ProfileToken"]?.text == "</ProfileToken>&'\"")
    }

    private func reply(_ status: Int, _ body: String) -> SOAPReply {
        SOAPReply(status: status, body: Array(body.utf8), address: CameraAddress(host: "10.0.0.1"))
    }

    @Test("faults of both versions are read, and their words are cut")
    func faults() throws {
        guard case .fault(let fault) = reply(400, CameraAnswers.fault("ter:NotAuthorized", "No\tpe")).content else {
            Issue.record("no fault")
            return
        }
        #expect(fault.codes == ["Sender", "NotAuthorized"])
        #expect(fault.reason == "No pe")
        #expect(fault.isAboutLogin)
        let old = CameraAnswers.envelope(
            "<Fault><faultcode>wsse:FailedAuthentication</faultcode><faultstring>\(String(repeating: "x", count: 900))"
                + "</faultstring></Fault>")
        guard case .fault(let fault) = reply(500, old).content else {
            Issue.record("no fault of SOAP 1.1")
            return
        }
        #expect(fault.isAboutLogin)
        #expect(fault.words.utf8.count == 200)
    }

    @Test("replies tell a lock from the number of attempts that are left")
    func locks() {
        #expect(reply(401, "<lockStatus>lock</lockStatus>").isLocked)
        #expect(reply(423, "").isLocked)
        #expect(reply(400, CameraAnswers.fault("ter:Sender", "Account locked")).isLocked)
        #expect(!reply(401, "<lockStatus>unlock</lockStatus><retryLoginTime>4</retryLoginTime>").isLocked)
        #expect(reply(401, "<p>Too many failed login attempts</p>").isLocked)
        #expect(!reply(401, "<i class='icon lock'></i><p>Log in</p><a>blocked?</a>").isLocked)
        #expect(!reply(200, "account locked").isLocked)
    }

    @Test("replies and answers to the search end on any input")
    func fuzz() {
        var input = HostileInput(seed: 3)
        let genuine = [
            CameraAnswers.profiles([
                CameraAnswers.profile("P", "H264", 640, 360), CameraAnswers.profile2("Q", "H265", 1, 2),
            ]),
            CameraAnswers.fault("ter:NotAuthorized", "no"), CameraAnswers.time("12:00:00"), SearchAnswersTests.match(),
        ]
        var (read, refused) = (0, 0)
        for index in 0..<HostileInput.count(4_000) {
            let bytes = input.changed(Array(genuine[index % genuine.count].utf8))
            let reply = SOAPReply(status: 200, body: bytes, address: CameraAddress(host: "10.0.0.1"))
            switch reply.content {
            case .result(let element):
                let profiles = MediaProfile.all(in: element)
                #expect(profiles.allSatisfy { (0...65_535).contains($0.width) })
                _ = StreamChoice.all(of: profiles)
                _ = CameraClock.time(in: element)
                read += 1
            case .fault: read += 1
            case .other: refused += 1
            }
            _ = ProbeMatch.all(in: bytes, to: [])
        }
        #expect(read > 0 && refused > 0)
    }
}
