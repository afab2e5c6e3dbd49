import Foundation
import GuardianCore
import GuardianVision
import Logging
import ServiceLifecycle
import Synchronization

/// Loads the model and provides its detector. A model is checked before it is used: hashes, shapes, and a picture in
/// which it must detect a known object.
final class ModelLoader: Service {
    private enum State {
        case loading
        case serving(FairDetector, SightProof?)
        case failed(GuardianError)
    }

    private let places: OpenVINOPlaces
    private let statistics: LookStatistics
    private let logger: Logger
    private let makeDetector: MakeDetector
    private let state = Mutex(State.loading)

    /// Makes a detector of the model in a folder, for so many calls at once.
    typealias MakeDetector = @Sendable (OpenVINOPlaces, Int) throws -> any Detector

    init(
        places: OpenVINOPlaces, statistics: LookStatistics, logger: Logger,
        makeDetector: @escaping MakeDetector = { try OpenVINODetector(places: $0, requests: $1) }
    ) {
        self.makeDetector = makeDetector
        self.places = places
        self.statistics = statistics
        self.logger = logger
    }

    /// Loads the model once at start. Until then `detector` throws `unavailable`.
    func run() async throws {
        do {
            let model = try await load()
            logger.info("model ready", metadata: ["model": "\(model.name)", "sha256": "\(model.sha256)"])
        } catch {
            logger.error("model could not be loaded", metadata: ["error": "\(error)"])
        }
        try? await gracefulShutdown()
    }

    /// Loads the model with this name from the service's own folder.
    ///
    /// - Throws: `notFound` when the folder's model has another name; what `load()` throws.
    func load(named name: String) async throws -> ModelDescription {
        let description = try ModelDescription.read(folder: places.model)
        guard description.name == name else {
            throw GuardianError(
                .notFound, "The model folder contains “\(description.name)”: put the other model there first.")
        }
        return try await load()
    }

    /// Loads the model from its folder, checks it, and uses it from now on. On failure the current model stays in use.
    func load() async throws -> ModelDescription {
        let (places, makeDetector) = (places, makeDetector)
        let concurrency = max(1, min(4, ProcessInfo.processInfo.activeProcessorCount))
        do {
            let detector = try await Self.onThread { try makeDetector(places, concurrency) }
            let shared = FairDetector(detector, concurrency: concurrency, statistics: statistics)
            let proof = try SightProof(of: detector.model, folder: places.model)
            state.withLock { $0 = .serving(shared, proof) }
            return detector.model
        } catch {
            let failure = GuardianError.wrap(error, "The model cannot be loaded.")
            state.withLock { if case .serving = $0 {} else { $0 = .failed(failure) } }
            throw failure
        }
    }

    /// Returns the current detector.
    ///
    /// - Throws: `unavailable` while the model is being loaded; the reason when it could not be loaded.
    func detector() throws -> any Detector { try serving().detector }

    /// Returns the current detector, and the picture that proves that it sees; `nil` when the model has none.
    ///
    /// - Throws: as `detector()`.
    func serving() throws -> (detector: any Detector, proof: SightProof?) {
        switch state.withLock({ $0 }) {
        case .serving(let detector, let proof): return (detector, proof)
        case .loading: throw GuardianError(.unavailable, "The model is still being loaded.")
        case .failed(let error): throw error
        }
    }

    /// Runs `body` outside of the cooperative pool: compiling a model blocks a thread for a second.
    static func onThread<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global(qos: .userInitiated).async { continuation.resume(with: Result { try body() }) }
        }
    }
}
