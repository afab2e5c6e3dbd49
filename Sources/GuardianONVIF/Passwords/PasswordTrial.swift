import GuardianCore

/// Tries one login on the cameras of one maker that the owner selected.
public struct PasswordTrial: Sendable {
    /// What became of it at one camera.
    public enum Outcome: Sendable, Equatable {
        case accepted
        /// It answers without a login, so that nothing is known of this one.
        case noLoginNeeded
        case refused
        case locked
        /// Not tried: this camera takes the password only so that others on the network can read it.
        case clearTextNeeded
        /// Not tried: it names another maker, or none.
        case otherMaker
        /// Not tried: it could not be asked.
        case unreachable(CameraFailure)
    }

    public struct Result: Sendable {
        public var camera: FoundCamera
        public var outcome: Outcome
    }

    /// How many cameras are asked at the same time.
    package static let parallel = 4
    /// How many cameras are tried; more were not meant.
    public static let limit = 256

    package let client: ONVIFClient

    public init(client: ONVIFClient) { self.client = client }

    /// Tries the login once on each camera: no second way and no second time, because cameras lock after a few wrong ones. The
    /// password is never sent in clear text.
    ///
    /// The maker is what a camera says in its answer to the search, and anyone can say that: a false camera gets an answer to
    /// its challenge, from which a weak password can be guessed. That is why the owner selects the cameras.
    ///
    /// - Parameters:
    ///   - maker: as `FoundCamera.maker` has it; upper and lower case are the same.
    ///   - cameras: those that the owner selected, at most `limit`. Two at one address are one.
    /// - Returns: one result for each of `cameras`, in their order.
    public func run(
        name: String, password: Secret<String>, maker: String, on cameras: [FoundCamera]
    ) async -> [Result] {
        let wanted = maker.lowercased()
        var outcomes: [String: Outcome] = [:]
        let chosen = cameras.prefix(Self.limit).filter { camera in
            guard !wanted.isEmpty, camera.maker?.lowercased() == wanted, outcomes[camera.address.host] == nil else {
                return false
            }
            // Replaced by its own below; a camera that the trial did not come to was not asked.
            outcomes[camera.address.host] = .unreachable(.timedOut)
            return true
        }
        let login = CameraLogin(name: name, password: password, allowsClearText: false, attempts: 1)
        let tried = await chosen.concurrentMap(atMost: Self.parallel) { await outcome(of: login, at: $0) }
        for (camera, outcome) in zip(chosen, tried) { outcomes[camera.address.host] = outcome }
        return cameras.prefix(Self.limit).map { camera in
            let own = camera.maker?.lowercased() == wanted ? outcomes[camera.address.host] : nil
            return Result(camera: camera, outcome: own ?? .otherMaker)
        }
    }

    private func outcome(of login: CameraLogin, at found: FoundCamera) async -> Outcome {
        var camera = ONVIFCamera(found.address, login: login, client: client)
        do throws(CameraFailure) {
            return try await camera.tryLogin() ? .accepted : .noLoginNeeded
        } catch {
            switch error {
            case .wrongPassword, .clockWrong: return .refused
            case .locked: return .locked
            case .clearTextNeeded: return .clearTextNeeded
            default: return .unreachable(error)
            }
        }
    }
}
