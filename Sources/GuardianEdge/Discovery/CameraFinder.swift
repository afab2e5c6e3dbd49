import GuardianCore
import GuardianHTTP
import GuardianONVIF
import Logging

/// Finds cameras in the networks of this machine, and asks them for their streams: for the API and `guardian camera discover`.
package struct CameraFinder: Sendable {
    /// Searches for a time.
    package typealias Search = @Sendable (Duration) async throws -> [FoundCamera]
    /// Returns the alias of a saved camera at a host.
    package typealias SavedCamera = @Sendable (_ host: String) -> String?

    /// For one inquiry. What was not answered by then is said to be unreachable.
    package static let timeLimit = Duration.seconds(40)
    /// Cameras that are asked at the same time.
    static let parallel = 8

    let rules: AddressRules
    let clock: any MonotonicClock
    private let search: Search
    private let saved: SavedCamera
    private let logger: Logger
    private let turn = SingleRun()

    /// - Parameters:
    ///   - saved: of the recorder, which a command does not know.
    ///   - search: replaced by tests.
    package init(
        rules: AddressRules, clock: any MonotonicClock = SystemMonotonicClock(),
        saved: @escaping SavedCamera = { _ in nil }, search: Search? = nil, logger: Logger
    ) {
        self.rules = rules
        self.clock = clock
        self.saved = saved
        self.logger = logger
        self.search =
            search
            ?? { window in
                let answers = CameraSearch(rules: rules, clock: clock, logger: logger).cameras(for: window)
                return try await answers.reduce(into: []) { $0.append($1) }
            }
    }

    /// Finds out what is asked. Addresses are answered in their order, each once.
    ///
    /// - Parameter begin: called before anything is sent; its error ends the inquiry.
    /// - Throws: `aborted` while another inquiry runs; `failedPrecondition` and `unavailable` when no network can be searched.
    package func answer(
        _ inquiry: CameraInquiry, begin: () async throws -> Void = {}
    ) async throws -> [FoundCameraView] {
        try await turn.run(
            else: "Cameras are being searched for or asked already: wait for that, which takes less than a minute."
        ) {
            try await begin()
            let end = clock.now() + Self.timeLimit
            switch inquiry {
            case .search(let window): return try await search(window).map(view)
            case .streams(let addresses, let login):
                return await withClient { client in
                    await CameraQuestions(client: client, clock: clock, parallel: Self.parallel)
                        .ask(Self.distinct(addresses), login: login, before: end)
                }.map(view)
            case .trial(let password, let addresses, let window):
                let found = try await search(window)
                return await withClient { client in
                    await tried(password, Self.distinct(addresses), found, client, before: end)
                }
            }
        }
    }

    private static func distinct(_ addresses: [CameraAddress]) -> [CameraAddress] {
        var seen: Set<CameraAddress> = []
        return addresses.prefix(CameraInquiry.limit).filter { seen.insert($0).inserted }
    }

    private func withClient<Value>(_ body: (ONVIFClient) async -> Value) async -> Value {
        let client = ONVIFClient(rules: rules, clock: clock, logger: logger)
        let value = await body(client)
        // What is left open ends with the process.
        try? await client.close()
        return value
    }
}

// MARK: One password for a maker's cameras

extension CameraFinder {
    private func tried(
        _ password: CameraInquiry.PasswordForMaker, _ addresses: [CameraAddress], _ found: [FoundCamera],
        _ client: ONVIFClient, before end: ContinuousClock.Instant
    ) async -> [FoundCameraView] {
        let cameras = addresses.map { address in
            found.first { $0.address.host == address.host && $0.address.port == address.port }.map { camera in
                var camera = camera
                camera.address = address
                return camera
            } ?? FoundCamera(address: address, identifier: "", isPermitted: rules.permits(address))
        }
        // Half of the time that is left is for the streams.
        let now = clock.now()
        let half = now + now.duration(to: end) / 2
        let results = await Deadline.run(before: half, by: clock) {
            await PasswordTrial(client: client).run(
                name: password.name, password: password.password, maker: password.maker, on: cameras)
        }
        let open = results.filter { $0.outcome == .accepted || $0.outcome == .noLoginNeeded }.map(\.camera.address)
        let login = CameraLogin(
            name: password.name, password: password.password, allowsClearText: false, attempts: 1)
        let asked = await CameraQuestions(client: client, clock: clock, parallel: PasswordTrial.parallel)
            .ask(open, login: login, before: end)
        return results.map { result in
            var result = view(result, asked.first { $0.address == result.camera.address })
            result.camera = saved(result.host)
            return result
        }
    }

    private func view(_ result: PasswordTrial.Result, _ asked: CameraQuestions.Answer?) -> FoundCameraView {
        var view = asked.map(FoundCameraView.init) ?? FoundCameraView(result)
        view.maker = view.maker ?? result.camera.maker
        view.model = view.model ?? result.camera.hardware
        view.name = result.camera.name
        return view
    }
}

// MARK: Views

extension CameraFinder {
    private func view(_ camera: FoundCamera) -> FoundCameraView {
        var view = FoundCameraView(camera)
        view.camera = saved(view.host)
        return view
    }

    private func view(_ answer: CameraQuestions.Answer) -> FoundCameraView {
        var view = FoundCameraView(answer)
        view.camera = saved(view.host)
        return view
    }
}

extension AddressRules {
    /// Whether a numeric address may be asked; a name may be, until it is looked up.
    fileprivate func permits(_ address: CameraAddress) -> Bool { IPAddress(address.host).map(permits) ?? true }
}
