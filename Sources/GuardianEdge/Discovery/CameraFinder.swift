import GuardianCore
import GuardianHTTP
import GuardianONVIF
import Logging
import Synchronization

/// Finds cameras in the networks of this machine, and asks them for their streams: for the API and `guardian camera discover`.
package final class CameraFinder: Sendable {
    /// Searches for a time.
    package typealias Search = @Sendable (Duration) async throws -> [FoundCamera]
    /// Returns the alias of a saved camera at a host.
    package typealias SavedCamera = @Sendable (_ host: String) -> String?

    /// For one inquiry. What was not answered by then is said to be unreachable.
    package static let timeLimit = Duration.seconds(40)
    /// How long it counts what a search found: the time that somebody needs to choose cameras and to type a password.
    package static let memory = Duration.seconds(15 * 60)
    /// Cameras that are asked at the same time.
    static let parallel = 8

    let rules: AddressRules
    let clock: any MonotonicClock
    private let search: Search
    private let saved: SavedCamera
    private let logger: Logger
    private let turn = SingleRun()
    /// What the newest search found, at most `SearchAnswers.cameraLimit` cameras.
    private let newest = Mutex<(found: [FoundCamera], at: ContinuousClock.Instant)?>(nil)

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
            case .search(let window): return try await searched(for: window).map(view)
            case .streams(let addresses, let login):
                return await withClient { client in
                    await CameraQuestions(client: client, clock: clock, parallel: Self.parallel)
                        .ask(Self.distinct(addresses), login: login, before: end)
                }.map(view)
            case .trial(let password, let addresses, let window):
                let addresses = Self.distinct(addresses)
                if !addresses.allSatisfy({ known($0) != nil }) { _ = try await searched(for: window) }
                return await withClient { client in await tried(password, addresses, client, before: end) }
            }
        }
    }

    private func searched(for window: Duration) async throws -> [FoundCamera] {
        let found = try await search(window)
        newest.withLock { $0 = (found, clock.now()) }
        return found
    }

    /// What a camera said of itself in the newest search: the one at this host and port.
    private func known(_ address: CameraAddress) -> FoundCamera? {
        let newest = newest.withLock { $0 }
        guard let newest, clock.elapsed(since: newest.at) < Self.memory else { return nil }
        return newest.found.first { $0.address.host == address.host && $0.address.port == address.port }
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
        _ password: CameraInquiry.PasswordForMaker, _ addresses: [CameraAddress], _ client: ONVIFClient,
        before end: ContinuousClock.Instant
    ) async -> [FoundCameraView] {
        let cameras = addresses.map { address in
            var camera = known(address) ?? FoundCamera(address: address, identifier: "", isPermitted: true)
            camera.address = address
            return camera
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
            view(
                asked.first { $0.address == result.camera.address }.map(FoundCameraView.init)
                    ?? FoundCameraView(result),
                result.camera)
        }
    }
}

// MARK: Views

extension CameraFinder {
    private func view(_ camera: FoundCamera) -> FoundCameraView { view(FoundCameraView(camera), camera) }

    private func view(_ answer: CameraQuestions.Answer) -> FoundCameraView {
        view(FoundCameraView(answer), known(answer.address))
    }

    /// Adds what the camera said of itself in a search, and which saved camera it is.
    private func view(_ view: FoundCameraView, _ found: FoundCamera?) -> FoundCameraView {
        var view = view
        view.maker = view.maker ?? found?.maker
        view.model = view.model ?? found?.hardware
        view.name = view.name ?? found?.name
        view.camera = saved(view.host)
        return view
    }
}
