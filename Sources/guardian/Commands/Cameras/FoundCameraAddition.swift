import GuardianCore
import GuardianEdge
import GuardianHTTP

/// Finds cameras and adds those that are chosen, as the recorder's pages do, and with the same questions to it.
struct FoundCameraAddition {
    let server: CameraServer
    let search: CameraSearchOptions
    /// The login and the transport for all of them.
    let address: CameraAddressOptions
    let audio: Bool
    let untested: Bool
    /// Chosen cameras, or lenses of them, that cannot be added.
    private var missed = 0

    init(
        server: CameraServer, search: CameraSearchOptions, address: CameraAddressOptions, audio: Bool, untested: Bool
    ) {
        (self.server, self.search, self.address) = (server, search, address)
        (self.audio, self.untested) = (audio, untested)
    }

    private struct Login {
        var username: String
        var password: Secret<String>
    }

    private struct Candidate {
        var host: String
        var lens: FoundLens
        var login: Login?
    }

    /// - Throws: `failedPrecondition` when not all that were chosen are recorded.
    mutating func run() async throws {
        let chosen = try choose(from: try await found())
        let candidates = try await candidates(of: chosen)
        let taken = candidates.isEmpty ? [] : try await server.list().map(\.name)
        for (candidate, lens) in zip(candidates, FoundLens.named(candidates.map(\.lens), besides: taken)) {
            do {
                try await add(Candidate(host: candidate.host, lens: lens, login: candidate.login))
            } catch let error as GuardianError {
                missed += 1
                Console.note(error.message)
            }
        }
        guard missed == 0 else {
            throw GuardianError(
                .failedPrecondition, "Not all of the chosen cameras were added; the reasons stand above.")
        }
    }
}

// MARK: Search and choice

extension FoundCameraAddition {
    /// Returns the cameras that can be chosen.
    private func found() async throws -> [FoundCameraView] {
        let seconds = search.seconds ?? CameraInquiry.usualSeconds
        Console.note("Searching for \(seconds) seconds.")
        let found = try await server.discover(DiscoveryBody(seconds: seconds)).filter { camera in
            search.maker.map { $0.lowercased() == camera.maker?.lowercased() } ?? true
        }
        for camera in found {
            if let saved = camera.camera { Console.note("\(camera.title) is here already as \(saved).") }
        }
        let new = found.filter { $0.camera == nil }
        guard !new.isEmpty else {
            throw GuardianError(
                .notFound,
                "No further camera\(search.maker.map { " by \($0)" } ?? "") answered. Check that they are in a network of "
                    + "the recorder and have ONVIF turned on, or add them by their address.")
        }
        return new
    }

    /// - Throws: `invalidArgument` when what was typed is not in the list, or nothing was typed.
    private func choose(from found: [FoundCameraView]) throws -> [FoundCameraView] {
        for (index, camera) in found.enumerated() {
            for (line, text) in camera.lines.enumerated() {
                Console.line(line == 0 ? "\(index + 1)  \(text)" : "   \(text)")
            }
        }
        if search.all { return found }
        guard let typed = Console.answer(to: "Which of them? Numbers, such as 1,3 or 2-4, or all: ") else {
            throw GuardianError(.invalidArgument, "Nothing says which cameras are meant: give --all.")
        }
        let chosen = try ListNumbers.read(typed, count: found.count)
        guard !chosen.isEmpty else {
            throw GuardianError(.invalidArgument, "No camera was chosen, and none was added.")
        }
        return chosen.map { found[$0] }
    }
}

// MARK: Streams and logins

extension FoundCameraAddition {
    private mutating func candidates(of chosen: [FoundCameraView]) async throws -> [Candidate] {
        // Some want no login.
        let answers = try await answers(to: DiscoveryBody.asking(chosen))
        var groups = LoginGroup.groups(of: answers.filter { $0.outcome == .needsLogin })
        guard address.username == nil || groups.count <= 1 else {
            throw GuardianError(
                .invalidArgument,
                "The login was not sent, because it is for the cameras of one maker: choose one with --maker, or leave "
                    + "--username out to be asked for each.")
        }
        var candidates = taken(answers.filter { $0.outcome != .needsLogin }, nil)
        while !groups.isEmpty {
            let group = groups.removeFirst()
            guard let login = try login(for: group) else {
                missed += group.cameras.count
                Console.note("Left out, for want of a login.")
                continue
            }
            let answers = try await tried(login, on: group)
            // Each login is tried once; another one may be right.
            let again = address.username == nil ? answers.filter { $0.outcome == .refused } : []
            for camera in again { Console.note("\(camera.title): \(camera.note ?? "The login is refused.")") }
            groups.insert(contentsOf: LoginGroup.groups(of: again), at: 0)
            candidates += taken(answers.filter { answer in !again.contains { $0.address == answer.address } }, login)
        }
        return candidates
    }

    /// - Returns: `nil` when none is given for these cameras.
    private func login(for group: LoginGroup) throws -> Login? {
        Console.note(group.destination)
        if let username = address.username {
            guard let password = try address.password() else { return nil }
            return Login(username: username, password: password)
        }
        guard let username = Console.answer(to: "User name (none to go on without): "), !username.isEmpty else {
            return nil
        }
        let password = try Passphrase.asked("Password: ", option: "--username and --password-file")
        return Login(username: username, password: password)
    }

    private func tried(_ login: Login, on group: LoginGroup) async throws -> [FoundCameraView] {
        let answers = try await answers(to: group.questions(username: login.username, password: login.password))
        guard search.allowClearText else { return answers }
        let open = try await self.answers(
            to: LoginGroup.questionsInClearText(answers, username: login.username, password: login.password))
        return answers.map { answer in open.first { $0.address == answer.address } ?? answer }
    }

    private func answers(to questions: [DiscoveryBody]) async throws -> [FoundCameraView] {
        var answers: [FoundCameraView] = []
        for question in questions { answers += try await server.discover(question) }
        return answers
    }

    /// Says of cameras without streams why they have none.
    private mutating func taken(_ answers: [FoundCameraView], _ login: Login?) -> [Candidate] {
        answers.flatMap { camera -> [Candidate] in
            guard camera.outcome != .streams else {
                return camera.lenses.map { Candidate(host: camera.host, lens: $0, login: login) }
            }
            missed += 1
            Console.note("\(camera.title): \(camera.note ?? "It gives no streams.")")
            if camera.outcome == .clearTextOnly { Console.note("--allow-clear-text sends it all the same.") }
            return []
        }
    }
}

// MARK: Adding

extension FoundCameraAddition {
    private func add(_ candidate: Candidate) async throws {
        let (host, lens, login) = (candidate.host, candidate.lens, candidate.login)
        var name = lens.name
        if !search.all, let typed = Console.answer(to: "Name of the one at \(host) [\(name)]: "), !typed.isEmpty {
            name = typed
        }
        Console.line("\(name) (\(host)):")
        var body = CameraBody(source: lens.source)
        body.name = name
        (body.detect, body.transport, body.audio) = (lens.detect, address.transport?.rawValue, audio ? true : nil)
        (body.username, body.password) = (login?.username, login?.password.reveal())
        try await server.addTested(body, untested: untested)
    }
}
