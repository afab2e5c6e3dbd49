import Foundation
import GuardianCore
import GuardianVision
import Logging
import ServiceLifecycle
import Synchronization

/// The models that the service can serve, and the one that it does. A model is checked before it is served: hashes,
/// shapes, and a picture in which it must find what is known to be there.
final class ModelLoader: Service {
    private enum State {
        case loading
        case serving(FairDetector)
        case failed(GuardianError)
    }

    private let places: OpenVINOPlaces
    private let statistics: LookStatistics
    private let logger: Logger
    private let state = Mutex(State.loading)

    init(places: OpenVINOPlaces, statistics: LookStatistics, logger: Logger) {
        self.places = places
        self.statistics = statistics
        self.logger = logger
    }

    /// Loads the model once at the start; the service answers meanwhile that it is not ready.
    func run() async throws {
        do {
            let model = try await load()
            logger.info("model ready", metadata: ["model": "\(model.name)", "sha256": "\(model.sha256)"])
        } catch {
            logger.error("no model: \(error)")
        }
        try? await gracefulShutdown()
    }

    /// Loads the model of that name from the service's own folder.
    ///
    /// - Throws: `notFound` when the folder's model has another name; what `load()` throws.
    func load(named name: String) async throws -> ModelDescription {
        let there = try ModelDescription.read(folder: places.model)
        guard there.name == name else {
            throw GuardianError(.notFound, "The model folder holds “\(there.name)”: put the other model there first.")
        }
        return try await load()
    }

    /// Loads the model from its folder, checks it, and serves it from now on. A failure leaves what is served in place.
    func load() async throws -> ModelDescription {
        let places = places
        let count = max(1, min(4, ProcessInfo.processInfo.activeProcessorCount))
        do {
            let detector = try await Self.onThread { try OpenVINODetector(places: places, requests: count) }
            let fair = FairDetector(detector, places: count, statistics: statistics)
            state.withLock { $0 = .serving(fair) }
            return detector.model
        } catch {
            let failure = GuardianError.wrap(error, "The model cannot be loaded.")
            state.withLock { if case .serving = $0 {} else { $0 = .failed(failure) } }
            throw failure
        }
    }

    /// - Throws: `unavailable` while it is loading; what went wrong when it could not be loaded.
    func detector() throws -> any Detector {
        switch state.withLock({ $0 }) {
        case .serving(let detector): return detector
        case .loading: throw GuardianError(.unavailable, "The model is still being loaded.")
        case .failed(let error): throw error
        }
    }

    /// Compiling a model keeps a thread busy for a second.
    private static func onThread<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global(qos: .userInitiated).async { continuation.resume(with: Result { try body() }) }
        }
    }
}
