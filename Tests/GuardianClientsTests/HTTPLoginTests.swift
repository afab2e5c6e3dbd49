import GuardianClients
import GuardianCore
import Testing

@Suite("Logins over HTTP")
struct HTTPLoginTests {
    private func answer(_ challenge: String, name: String, password: String, requests: Int = 1) throws -> String {
        let challenge = try #require(HTTPChallenge.best(of: HTTPChallenge.all(in: [challenge])))
        var login = HTTPLogin(challenge, name: name, password: Secret(password))
        var field: String?
        var bytes = Counting()
        for _ in 0..<requests { field = login.field(method: "GET", uri: "/dir/index.html", using: &bytes) }
        return try #require(field)
    }

    private struct Counting: RandomNumberGenerator {
        private var last: UInt64 = .max
        mutating func next() -> UInt64 {
            last = last &+ 1
            // `UInt8.random` takes the lowest byte of each.
            return last
        }
    }

    @Test("answers a challenge without quality as RFC 2069's example (erratum 749)")
    func published() throws {
        let challenge =
            "Digest realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", "
            + "opaque=\"5ccc069c403ebaf9f0171e9517f40e41\""
        let field = try answer(challenge, name: "Mufasa", password: "CircleOfLife")
        #expect(field.contains("response=\"1949323746fe6a43ef61f9606e7febea\""))
        #expect(field.contains("opaque=\"5ccc069c403ebaf9f0171e9517f40e41\""))
        #expect(!field.contains("qop"))
    }

    @Test(
        "answers as httpx does, with each algorithm",
        arguments: [
            ("MD5", "0565aa7fa948d79babff4dd9e3b605f7"), ("MD5-sess", "695cb6053a78adabc01398337337fbba"),
            ("SHA-256", "6c2c48fba5046656e48999b530f9fd8bf7c3804c6beacbef05812ecf518527cf"),
            ("SHA-256-sess", "537b1f94cfcc80c048a83db299293113b17f968fd51a8c35f8b3a39a4a2b84bc"),
        ])
    func algorithms(_ algorithm: String, response: String) throws {
        let challenge =
            "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=\(algorithm), "
            + "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\""
        let field = try answer(challenge, name: "Mufasa", password: "Circle of Life")
        #expect(field.contains("cnonce=\"0001020304050607\""))
        #expect(field.contains("response=\"\(response)\""))
        #expect(field.contains("qop=auth, nc=00000001"))
        let second = try answer(challenge, name: "Mufasa", password: "Circle of Life", requests: 2)
        #expect(second.contains("nc=00000002"))
        #expect(!second.contains(response))
    }

    @Test("answers Basic as RFC 7617's example")
    func basic() throws {
        let field = try answer("Basic realm=\"WallyWorld\"", name: "Aladdin", password: "open sesame")
        #expect(field == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
    }

    @Test("chooses the strongest challenge that it knows, and none of those that it does not")
    func best() {
        let fields = [
            "Basic realm=\"a\", Digest realm=\"a\", nonce=\"1\"", "Digest realm=\"a\", algorithm=SHA-256, nonce=\"2\"",
        ]
        #expect(HTTPChallenge.all(in: fields).count == 3)
        #expect(HTTPChallenge.best(of: HTTPChallenge.all(in: fields))?.parameters["nonce"] == "2")
        #expect(
            HTTPChallenge.best(of: HTTPChallenge.all(in: ["Negotiate", "Digest algorithm=SHA-512, nonce=\"3\""])) == nil
        )
        #expect(HTTPChallenge.all(in: ["Digest nonce=\"1\", stale=TRUE"]).first?.isStale == true)
        #expect(HTTPChallenge.all(in: ["Digest nonce=\"1\", stale=false"]).first?.isStale == false)
    }
}
