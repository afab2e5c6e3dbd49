import GuardianCore
import GuardianMedia
import Testing

@Suite("A camera's address")
struct RTSPAddressTests {
    @Test(
        "is shown without its secrets, and still is an address",
        arguments: [
            ("rtsp://host/main", "rtsp://host/main"), ("rtsp://u:secret@host:554/main", "rtsp://host:554/main"),
            ("RTSPS://u:p@ss:w@[fe80::1%25eth0]:8554/a?c=1@2", "RTSPS://@[fe80::1%25eth0]:8554/a?c=1@2"),
            ("rtsp://u:secret@h:554/live@main", "rtsp://@h:554/live@main"), ("rtsp://@h:554/x@y", "rtsp://@h:554/x@y"),
            ("rtsp://h/live?user=u&password=secret&ch=1", "rtsp://h/live?user=u&password=…&ch=1"),
            ("rtsp://u@h", "rtsp://h"),
        ])
    func shown(whole: String, shown: String) throws {
        #expect(try RTSPAddress.withoutSecrets(whole) == shown)
        #expect(try RTSPAddress.withoutSecrets(shown) == shown)
        #expect(try RTSPAddress(shown).endpoint == RTSPAddress(whole).endpoint)
    }

    @Test("takes a login of any characters, in place of the one that it has")
    func login() throws {
        let address = try RTSPAddress.adding(
            user: "a@b", password: Secret("p/?#:@ü%"), to: "rtsp://old:x@host:554/main")
        #expect(address.reveal() == "rtsp://a%40b:p%2F%3F%23%3A%40%C3%BC%25@host:554/main")
        #expect(try RTSPAddress(address.reveal()).user == "a@b")
        #expect(try RTSPAddress.withoutSecrets(address.reveal()) == "rtsp://host:554/main")
    }

    @Test("keeps a login only at the same scheme, host and port, and not over another login")
    func kept() {
        let old = "rtsp://u:secret@host/main"
        #expect(
            RTSPAddress.keepingLogin(of: old, in: "rtsp://host:554/sub")?.reveal() == "rtsp://u:secret@host:554/sub")
        #expect(RTSPAddress.keepingLogin(of: old, in: "rtsp://@host/a@b")?.reveal() == "rtsp://u:secret@host/a@b")
        for other in [
            "rtsp://evil/sub", "rtsp://host:8554/sub", "rtsps://host:554/sub", "rtsp://v@host/sub", "file:/x",
        ] {
            #expect(RTSPAddress.keepingLogin(of: old, in: other) == nil, "\(other)")
        }
    }
}
