import Logging
import ServiceLifecycle

/// Several services that run and end together, shut down in reverse order.
public struct ServiceBundle: Service {
    private let services: [any Service]
    private let logger: Logger

    public init(_ services: [any Service], logger: Logger) {
        self.services = services
        self.logger = logger
    }

    /// - Throws: what one of them throws; then the others are shut down.
    public func run() async throws {
        try await ServiceGroup(configuration: .init(services: services, logger: logger)).run()
    }
}
