import Foundation
import GuardianClients
import GuardianCore
import Synchronization

/// Stands between libav and a camera where libav's own RTSP does not do: it logs in with SHA-256 and where MD5 is not offered
/// last, and sends GET_PARAMETER beside OPTIONS to keep a session alive.
///
/// libav connects to it on 127.0.0.1, with an address that holds a random word instead of a password: so no other process of
/// this machine can use it. It accepts one connection and makes one, with a thread of its own that ends with either; a redirect
/// of the camera to itself leads back to the relay, which then accepts another one.
final class RTSPRelay: Sendable {
    /// libav's address for the camera.
    let local: RTSPAddress
    private let prefix: String
    private let address: RTSPAddress
    /// Where the camera is connected to: its own place, or an address of its name.
    private let place: RTSPAddress.Endpoint
    private let isClosed = Atomic<Bool>(false)
    private let challenges = Mutex<[HTTPChallenge]>([])

    /// - Parameters:
    ///   - place: where it is connected to.
    ///   - answersOnlyOthers: whether to leave challenges alone that libav has answered itself before: a wrong password that is
    ///     tried twice as often locks some cameras sooner.
    /// - Throws: `resourceExhausted` when there is no port.
    init(_ address: RTSPAddress, at place: RTSPAddress.Endpoint, answersOnlyOthers: Bool) throws {
        guard let (listener, port) = RTSPSocket.listening() else {
            throw GuardianError(.resourceExhausted, "There is no port on 127.0.0.1 for the camera's connection.")
        }
        let word = (0..<4).map { _ in String(UInt32.random(in: .min ... .max), radix: 36) }.joined()
        prefix = "rtsp://127.0.0.1:\(port)/\(word)"
        do throws(RTSPAddress.Flaw) {
            local = try RTSPAddress(prefix + address.tail)
        } catch {
            throw GuardianError(.internal, "The relay's address \(error.text).")
        }
        self.address = address
        self.place = place
        let box = Handover(listener)
        let thread = Thread { [self] in box.take().map { run($0, answersOnlyOthers) } }
        thread.name = "camera relay"
        thread.start()
    }

    /// Ends both connections soon.
    func close() { isClosed.store(true, ordering: .releasing) }

    /// What the camera has demanded.
    var demanded: [HTTPChallenge] { challenges.withLock { $0 } }

    /// Hands the listener to the relay's thread.
    private final class Handover: @unchecked Sendable {
        // Set before the thread starts, and taken only by it.
        private var listener: RTSPSocket?

        init(_ listener: RTSPSocket) { self.listener = listener }

        func take() -> RTSPSocket? {
            defer { listener = nil }
            return listener
        }
    }

    private var goesOn: Bool { !isClosed.load(ordering: .acquiring) }

    private func run(_ listener: RTSPSocket, _ answersOnlyOthers: Bool) {
        for _ in 0...RedirectGuard.limit {
            guard let client = listener.accepted(while: { goesOn }),
                let camera = RTSPSocket.connected(to: place, while: { goesOn })
            else { return }
            var session = Session(relay: self, client: client, camera: camera, answersOnlyOthers: answersOnlyOthers)
            serve(&session, client, camera)
            guard session.leadsBack else { return }
        }
    }

    private func serve(_ session: inout Session, _ client: RTSPSocket, _ camera: RTSPSocket) {
        var (fromClient, fromCamera) = (RTSPSplitter.ofClient, RTSPSplitter.ofCamera)
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        do {
            while goesOn {
                let ready = RTSPSocket.waiting(client, camera)
                if ready.one {
                    guard let bytes = client.receive(into: &buffer) else { return }
                    fromClient.append(bytes)
                    while let piece = try fromClient.next() { guard session.client(sent: piece) else { return } }
                }
                if ready.other {
                    guard let bytes = camera.receive(into: &buffer) else { return }
                    fromCamera.append(bytes)
                    while let piece = try fromCamera.next() { guard session.camera(sent: piece) else { return } }
                }
            }
        } catch {
            // A head without an end: the connection is of no use any more, and libav sees its end.
        }
    }

    /// The state of one connection.
    private struct Session {
        /// A request that the camera has not answered yet.
        private struct Request {
            var message: RTSPMessage
            /// libav's number; `nil` for a request of our own.
            var number: String?
            var attempts = 0
        }

        /// libav sends one request at a time, and at most one of ours goes with it.
        private static let mostRequests = 32

        let relay: RTSPRelay
        let client: RTSPSocket
        let camera: RTSPSocket
        let answersOnlyOthers: Bool
        private var requests: [Int: Request] = [:]
        private var count = 0
        private var login: HTTPLogin?
        private var plays = false
        private var isKnown = false
        /// Whether the camera has redirected to itself, so that libav connects to the relay again.
        private(set) var leadsBack = false

        init(relay: RTSPRelay, client: RTSPSocket, camera: RTSPSocket, answersOnlyOthers: Bool) {
            self.relay = relay
            self.client = client
            self.camera = camera
            self.answersOnlyOthers = answersOnlyOthers
        }

        /// - Returns: whether the connection goes on.
        mutating func client(sent piece: RTSPSplitter.Piece) -> Bool {
            guard case .message(var message) = piece else {
                guard isKnown, case .other(let bytes) = piece else { return false }
                return camera.send(bytes, while: { relay.goesOn })
            }
            guard message.status == nil else {
                // libav's answer to a request of the camera.
                return isKnown && camera.send(message.bytes, while: { relay.goesOn })
            }
            if message.uri.hasPrefix(relay.prefix) {
                isKnown = true
                let uri = relay.address.base + message.uri.dropFirst(relay.prefix.count)
                message.start = "\(message.method) \(uri) RTSP/1.0"
            }
            guard isKnown, requests.count < Self.mostRequests else { return false }
            guard send(Request(message: message, number: message.all("CSeq").first)) else { return false }
            guard plays, message.method == "OPTIONS" else { return true }
            // Some cameras count only GET_PARAMETER, some only OPTIONS, whatever they claim to know.
            message.start = "GET_PARAMETER \(message.uri) RTSP/1.0"
            return send(Request(message: message, number: nil))
        }

        private mutating func send(_ request: Request) -> Bool {
            count += 1
            requests[count] = request
            var message = request.message
            message.set("CSeq", "\(count)")
            var generator = SystemRandomNumberGenerator()
            message.set(
                "Authorization", login?.field(method: message.method, uri: message.uri, using: &generator))
            return camera.send(message.bytes, while: { relay.goesOn })
        }

        /// Leads a redirect to the camera's own host and port back to the relay, which logs in there. Others are left to libav,
        /// which has no password.
        private mutating func redirect(_ message: inout RTSPMessage) {
            guard let location = message.all("Location").first, let target = try? RTSPAddress(location),
                target.endpoint == relay.address.endpoint || target.endpoint == relay.place
            else { return }
            message.set("Location", relay.prefix + target.tail)
            leadsBack = true
        }

        mutating func camera(sent piece: RTSPSplitter.Piece) -> Bool {
            switch piece {
            case .other(let bytes): return client.send(bytes, while: { relay.goesOn })
            case .message(var message):
                guard let number = message.all("CSeq").first.flatMap({ Int($0) }),
                    var request = requests.removeValue(forKey: number)
                else { return client.send(message.bytes, while: { relay.goesOn }) }
                if message.status == 401 {
                    let challenges = HTTPChallenge.all(in: message.all("WWW-Authenticate"))
                    relay.challenges.withLock { $0 = challenges }
                    // The first attempt may answer an old nonce; a second one only when the camera says that this was so.
                    request.attempts += 1
                    let isStale = challenges.contains(where: \.isStale)
                    let isWorthIt = request.attempts == 1 || (request.attempts == 2 && isStale)
                    let isLeft = answersOnlyOthers && HTTPChallenge.suitsLibAV(challenges)
                    if isWorthIt, !isLeft, let credentials = relay.address.credentials,
                        let challenge = HTTPChallenge.best(of: challenges)
                    {
                        login = HTTPLogin(challenge, credentials)
                        return send(request)
                    }
                    message.set("WWW-Authenticate", nil)
                }
                if let status = message.status, (300..<400).contains(status) { redirect(&message) }
                guard let original = request.number else { return true }
                if message.status == 200, request.message.method == "PLAY" { plays = true }
                message.set("CSeq", original)
                return client.send(message.bytes, while: { relay.goesOn })
            }
        }
    }
}
