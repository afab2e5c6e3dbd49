import Crypto
import Foundation
import GuardianCore
import GuardianONVIF

/// An ONVIF camera as makers build them, and as they should not. It checks logins by its own arithmetic.
package struct SimulatedCamera: Sendable {
    package enum Login: Sendable {
        case none
        /// An HTTP challenge; algorithm `MD5` or `SHA-256`.
        case digest(String)
        case basic
        /// A token in the SOAP header, digest or, if it takes nothing else, text.
        case token(onlyText: Bool)
        /// Whatever is sent is wrong.
        case never
    }

    package var login: Login
    package var user: String
    package var password: String
    /// What its clock shows; a token must have been created within five minutes of it. `nil`: it does not tell.
    package var time: Timestamp?
    /// The host that it names in its answers.
    package var host: String
    package var services: [String]
    package var profiles = [
        CameraAnswers.profile("P1", "H264", 2560, 1440), CameraAnswers.profile("P2", "H264", 640, 360),
    ]
    package var profiles2: [String] = []
    /// What it answers instead, by operation.
    package var instead: [String: HTTPDevice.Reply] = [:]

    package init(
        login: Login = .none, user: String = "admin", password: String = "pass", time: Timestamp? = nil,
        host: String = "127.0.0.1", services: [String] = [ONVIFNamespace.media1]
    ) {
        self.login = login
        self.user = user
        self.password = password
        self.time = time
        self.host = host
        self.services = services
    }

    package func answer(_ request: HTTPDevice.Request, _ port: Int) -> HTTPDevice.Reply? {
        if let other = instead[request.operation] { return other }
        let isFree = request.operation == "GetSystemDateAndTime"
        guard isFree || isLoggedIn(request) else { return refusal(request) }
        switch request.operation {
        case "GetSystemDateAndTime":
            guard let time else { return refusal(request) }
            let parts = time.rfc3339.split(separator: "T")
            return HTTPDevice.Reply(body: CameraAnswers.time(String(parts[1].prefix(8)), on: String(parts[0])))
        case "GetDeviceInformation": return HTTPDevice.Reply(body: CameraAnswers.information)
        case "GetServices":
            let media = services.map {
                ($0, "http://\(host):\(port)/onvif/\($0 == ONVIFNamespace.media2 ? "m2" : "m1")")
            }
            return HTTPDevice.Reply(body: CameraAnswers.services(media))
        case "GetProfiles":
            let isSecond = request.path.hasSuffix("m2")
            return HTTPDevice.Reply(
                body: isSecond ? CameraAnswers.profiles(profiles2, "tr2") : CameraAnswers.profiles(profiles))
        case "GetStreamUri", "GetSnapshotUri":
            let scheme = request.operation == "GetStreamUri" ? "rtsp" : "http"
            let token = request.body.firstMatch(of: #/<ProfileToken>(.*?)<\/ProfileToken>/#)?.output.1 ?? ""
            let uri = "\(scheme)://root:secret@\(host):8554/\(token)"
            return HTTPDevice.Reply(
                body: request.path.hasSuffix("m2")
                    ? CameraAnswers.uri2(request.operation, uri) : CameraAnswers.uri(request.operation, uri))
        default: return HTTPDevice.Reply(.badRequest, body: CameraAnswers.fault("ter:ActionNotSupported", "unknown"))
        }
    }

    private func refusal(_ request: HTTPDevice.Request) -> HTTPDevice.Reply {
        switch login {
        case .digest(let algorithm):
            return HTTPDevice.Reply(
                .unauthorized,
                headers: [
                    "WWW-Authenticate": "Digest realm=\"cam\", qop=\"auth\", nonce=\"n1\", algorithm=\(algorithm)"
                ])
        case .basic: return HTTPDevice.Reply(.unauthorized, headers: ["WWW-Authenticate": "Basic realm=\"cam\""])
        case .never:
            return HTTPDevice.Reply(
                .unauthorized, headers: ["WWW-Authenticate": "Digest realm=\"cam\", nonce=\"n1\""],
                body: "<html>401</html>")
        case .token, .none:
            return HTTPDevice.Reply(
                .badRequest, body: CameraAnswers.fault("ter:NotAuthorized", "Sender not authorized"))
        }
    }

    private func isLoggedIn(_ request: HTTPDevice.Request) -> Bool {
        let field = request.headers.first(name: "Authorization") ?? ""
        switch login {
        case .none: return true
        case .never: return false
        case .basic: return field == "Basic \(Data("\(user):\(password)".utf8).base64EncodedString())"
        case .digest(let algorithm):
            guard field.hasPrefix("Digest ") else { return false }
            var given: [String: String] = [:]
            for match in field.matches(of: #/(\w+)="?([^",]+)"?/#) {
                given[String(match.output.1)] = String(match.output.2)
            }
            guard given["uri"] == request.path, given["nonce"] == "n1" else { return false }
            func hash(_ text: String) -> String {
                let bytes = Data(text.utf8)
                let sum = algorithm == "MD5" ? Array(Insecure.MD5.hash(data: bytes)) : Array(SHA256.hash(data: bytes))
                return sum.map { String(format: "%02x", $0) }.joined()
            }
            let first = hash("\(user):cam:\(password)")
            let second = hash("POST:\(request.path)")
            let middle = "\(given["nc"] ?? ""):\(given["cnonce"] ?? ""):auth"
            return given["username"] == user && given["response"] == hash("\(first):n1:\(middle):\(second)")
        case .token(let onlyText): return hasToken(request.body, onlyText)
        }
    }

    private func hasToken(_ body: String, _ onlyText: Bool) -> Bool {
        func value(_ name: String) -> String {
            guard let pattern = try? Regex("<\\w:\(name)(?: [^>]*)?>([^<]*)<", as: (Substring, Substring).self) else {
                return ""
            }
            return body.firstMatch(of: pattern).map { String($0.output.1) } ?? ""
        }
        guard value("Username") == user else { return false }
        if body.contains("#PasswordText") { return onlyText && value("Password") == password }
        guard !onlyText, body.contains("#PasswordDigest"), let nonce = Data(base64Encoded: value("Nonce")),
            let created = Timestamp(rfc3339: value("Created"))
        else { return false }
        if let time, abs(created - time) > 300_000 { return false }
        let sum = Insecure.SHA1.hash(data: nonce + Data((value("Created") + password).utf8))
        return value("Password") == Data(sum).base64EncodedString()
    }
}
