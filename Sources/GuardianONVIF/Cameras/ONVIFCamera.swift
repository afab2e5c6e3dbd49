import GuardianClients
import GuardianCore

/// One camera, asked through its ONVIF services.
///
/// It is a value, so that one task asks at a time and a wrong password is not tried twice. Once the camera has refused the
/// login, nothing more is sent with it.
public struct ONVIFCamera: Sendable {
    public let address: CameraAddress
    package let client: ONVIFClient
    package let login: CameraLogin?
    private var form = LoginForm.none
    /// Whether the camera has accepted the login.
    private var isAccepted = false
    private var refusal: CameraFailure?
    private var knownClock: CameraClock??
    private var knownServices: CameraServices?

    public init(_ address: CameraAddress, login: CameraLogin?, client: ONVIFClient) {
        self.address = address
        self.login = login
        self.client = client
    }

    /// Asks for its clock, without a login (ONVIF Core Specification, 8.3.5).
    ///
    /// - Throws: `GuardianError` with a `CameraFailure` as its cause, as all functions of this type.
    public mutating func clock() async throws(GuardianError) -> CameraClock {
        try await described { camera throws(CameraFailure) in
            guard let clock = try await camera.readClock() else { throw .notONVIF("no time in its answer") }
            return clock
        }
    }

    public mutating func information() async throws(GuardianError) -> CameraInformation {
        try await described { camera throws(CameraFailure) in
            CameraInformation(try await camera.call(.information, at: camera.address))
        }
    }

    /// Asks for its profiles: from the second media service when the first one does not know the codec of all.
    public mutating func profiles() async throws(GuardianError) -> [MediaProfile] {
        try await described { camera throws(CameraFailure) in try await camera.readProfiles().profiles }
    }

    /// Chooses main and detection stream of each lens, and asks for their addresses.
    public mutating func streams() async throws(GuardianError) -> [CameraStreams] {
        try await described { camera throws(CameraFailure) in try await camera.readStreams() }
    }

    /// Asks for its clock, what it is, and its streams.
    public mutating func describe() async throws(GuardianError) -> CameraDescription {
        try await described { camera throws(CameraFailure) in
            var clock: CameraClock?
            do throws(CameraFailure) {
                clock = try await camera.readClock()
            } catch {
                // A camera that does not tell its time may still have streams, but not one that is not there.
                guard !error.isFinal else { throw error }
            }
            let information = CameraInformation(try await camera.call(.information, at: camera.address))
            return CameraDescription(information: information, clock: clock, streams: try await camera.readStreams())
        }
    }

    /// Asks one question with the login, and returns whether the camera wanted it.
    package mutating func tryLogin() async throws(CameraFailure) -> Bool {
        _ = try await call(.information, at: address)
        return isAccepted
    }

    private mutating func described<Value>(
        _ body: (inout ONVIFCamera) async throws(CameraFailure) -> Value
    ) async throws(GuardianError) -> Value {
        do throws(CameraFailure) { return try await body(&self) } catch { throw error.error("\(address)") }
    }
}

// MARK: Questions

extension ONVIFCamera {
    private enum MediaService {
        case first(CameraAddress), second(CameraAddress)
    }

    /// Remembers the answer, also that there is none.
    private mutating func readClock() async throws(CameraFailure) -> CameraClock? {
        if let knownClock { return knownClock }
        let reply = try await client.exchange(.dateAndTime, with: address)
        let ours = client.wallClock.now()
        var time: Timestamp?
        if case .result(let element) = reply.content { time = CameraClock.time(in: element) }
        // Cameras that want a login even here tell their time in the HTTP header.
        let clock = (time ?? (reply.wantsLogin ? reply.date : nil)).map { CameraClock(time: $0, ours: ours) }
        if time == nil, !reply.wantsLogin, case .other(let reason) = reply.content { throw .notONVIF(reason) }
        knownClock = .some(clock)
        return clock
    }

    private mutating func services() async throws(CameraFailure) -> CameraServices {
        if let knownServices { return knownServices }
        var services: CameraServices
        do {
            services = CameraServices(try await call(.services, at: address), of: address)
        } catch {
            guard case .fault = error else { throw error }
            // Cameras from before ONVIF 2.1 do not know this question.
            services = CameraServices(try await call(.capabilities, at: address), of: address)
        }
        guard services.media1 != nil || services.media2 != nil else { throw .notONVIF("no media service") }
        knownServices = services
        return services
    }

    private typealias Offer = (profiles: [MediaProfile], service: MediaService)

    private mutating func readProfiles() async throws(CameraFailure) -> Offer {
        let services = try await services()
        var first: Offer?
        if let address = services.media1 {
            let profiles = MediaProfile.all(in: try await call(.profiles1, at: address))
            first = (profiles, .first(address))
            // The first service has no name for H.265: such profiles come without a codec.
            let isComplete = !profiles.isEmpty && profiles.allSatisfy { $0.codec == .h264 && $0.area > 0 }
            if isComplete || services.media2 == nil { return (profiles, .first(address)) }
        }
        guard let address = services.media2 else { throw .notONVIF("no media service") }
        do {
            let profiles = MediaProfile.all(in: try await call(.profiles2, at: address))
            if profiles.contains(where: \.isRecordable) || first == nil { return (profiles, .second(address)) }
        } catch {
            guard case .fault = error, first != nil else { throw error }
        }
        return first ?? ([], .second(address))
    }

    private mutating func readStreams() async throws(CameraFailure) -> [CameraStreams] {
        let (profiles, service) = try await readProfiles()
        var streams: [CameraStreams] = []
        for choice in StreamChoice.all(of: profiles) {
            let main = try await stream(choice.main, service)
            var detection: CameraStreams.Stream?
            if let profile = choice.detection { detection = try await stream(profile, service) }
            let snapshot = try await snapshot(choice.main, service)
            streams.append(CameraStreams(main: main, detection: detection, snapshot: snapshot))
        }
        return streams
    }

    private mutating func stream(
        _ profile: MediaProfile, _ service: MediaService
    ) async throws(CameraFailure) -> CameraStreams.Stream {
        let answer: XMLElement?
        switch service {
        case .first(let address): answer = try await call(.streamURI1(profile.token), at: address)["MediaUri"]
        case .second(let address): answer = try await call(.streamURI2(profile.token), at: address)
        }
        guard let text = answer?["Uri"]?.trimmed,
            let address = StreamAddress(text, schemes: ["rtsp", "rtsps"], host: address.host)
        else { throw .notONVIF("no address of the stream") }
        return CameraStreams.Stream(profile: profile, address: address)
    }

    /// Returns `nil` when the camera says that it has no picture.
    private mutating func snapshot(
        _ profile: MediaProfile, _ service: MediaService
    ) async throws(CameraFailure) -> StreamAddress? {
        do {
            let response: XMLElement?
            switch service {
            case .first(let address): response = try await call(.snapshotURI1(profile.token), at: address)["MediaUri"]
            case .second(let address): response = try await call(.snapshotURI2(profile.token), at: address)
            }
            return (response?["Uri"]?.trimmed).flatMap {
                StreamAddress($0, schemes: ["http", "https"], host: address.host)
            }
        } catch {
            switch error {
            case .fault, .notPermitted, .notONVIF: return nil
            default: throw error
            }
        }
    }
}

// MARK: Logging in

extension ONVIFCamera {
    /// Asks a question, logging in when the camera wants it.
    private mutating func call(
        _ request: ONVIFRequest, at service: CameraAddress
    ) async throws(CameraFailure) -> XMLElement {
        if let refusal { throw refusal }
        var (reply, service) = try await send(request, to: service)
        if reply.wantsLogin, case .none = form {
            reply = try await logIn(request, reply)
        } else if reply.wantsLogin {
            // The login was right before: the nonce is too old by now, or this question is not for everyone.
            guard !reply.isLocked else { throw refused(.locked) }
            guard let login, case .http = form, reply.status == 401,
                let fresh = try LoginForm.plan(login, for: reply.challenges).first, case .http = fresh
            else { throw .notPermitted }
            form = fresh
            (reply, service) = try await send(request, to: service)
            guard !reply.wantsLogin else { throw reply.isLocked ? refused(.locked) : .notPermitted }
        }
        return try Self.result(of: request, in: reply)
    }

    /// Tries the login in the ways that the camera takes, the safest first.
    private mutating func logIn(
        _ request: ONVIFRequest, _ first: SOAPReply
    ) async throws(CameraFailure) -> SOAPReply {
        guard !first.isLocked else { throw refused(.locked) }
        guard let login else { throw .passwordNeeded }
        var usesClock = false
        for next in try LoginForm.plan(login, for: first.challenges) {
            form = next
            if case .token = next { usesClock = true }
            var (reply, _) = try await send(request, to: first.address)
            // An old nonce is no wrong password.
            if reply.status == 401, case .http = next, let stale = reply.challenges.first(where: \.isStale) {
                form = .http(HTTPLogin(stale, name: login.name, password: login.password))
                (reply, _) = try await send(request, to: first.address)
            }
            if !reply.wantsLogin {
                isAccepted = true
                return reply
            }
            form = .none
            if reply.isLocked { throw refused(.locked) }
        }
        throw refused(usesClock ? clockFailure ?? .wrongPassword : .wrongPassword)
    }

    /// Whether the camera's clock may be why it refused a token, although the token was made by that clock.
    private var clockFailure: CameraFailure? {
        guard let knownClock, let clock = knownClock else { return .clockWrong(seconds: nil) }
        // Cameras accept tokens that are some minutes old; five is common.
        return clock.ahead.magnitude > 300_000 ? .clockWrong(seconds: clock.ahead / 1000) : nil
    }

    private mutating func refused(_ failure: CameraFailure) -> CameraFailure {
        refusal = failure
        return failure
    }

    /// - Returns: the answer, and where it came from.
    private mutating func send(
        _ request: ONVIFRequest, to service: CameraAddress
    ) async throws(CameraFailure) -> (SOAPReply, CameraAddress) {
        let reply: SOAPReply
        switch form {
        case .none: reply = try await client.exchange(request, with: service)
        case .http(var answer):
            var generator = client.randomness.generator
            reply = try await client.exchange(request, with: service) { path in
                answer.field(method: "POST", uri: path, using: &generator)
            }
            form = .http(answer)
        case .token(let kind):
            guard let login else { throw .passwordNeeded }
            // A camera that does not tell its time may still accept ours.
            let clock = (try? await readClock()) ?? nil
            // Whole seconds: some cameras cannot read a fraction.
            let now = client.wallClock.now() + (clock?.ahead ?? 0)
            let token = UsernameToken(
                name: login.name, password: login.password, nonce: client.randomness.bytes(16),
                created: "\(now.rfc3339.prefix(19))Z")
            reply = try await client.exchange(request, with: service, security: token.header(kind))
        }
        return (reply, reply.address)
    }

    private static func result(of request: ONVIFRequest, in reply: SOAPReply) throws(CameraFailure) -> XMLElement {
        switch reply.content {
        case .result(let element) where element.name == "\(request.operation)Response": return element
        case .result: throw .notONVIF("another answer than asked for")
        case .fault(let fault): throw .fault(fault.words)
        case .other(let reason):
            throw .notONVIF(reply.status == 200 ? reason : "HTTP status \(reply.status)")
        }
    }
}
