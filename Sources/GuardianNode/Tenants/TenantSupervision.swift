import GuardianCore
import GuardianOperations
import GuardianTelemetry
import Logging
import ServiceLifecycle

/// Runs the background services of every tenant that the registry has, also of those that are added later. Those of the home
/// tenant run in any case, and are not run here.
struct TenantSupervision: Service {
    let registry: any EnrolmentRegistry
    let tenants: Tenants
    let admission: RegistryAdmission
    let logger: Logger

    func run() async throws {
        await withDiscardingTaskGroup { group in
            var running: Set<TenantName> = [.home]
            while !Task.isCancelled, !Task.isShuttingDownGracefully {
                let seen = admission.generation.value
                // When it cannot be read, admission says so; its next generation is waited for.
                for tenant in (try? await registry.tenants()) ?? [] where running.insert(tenant).inserted {
                    group.addTask { await run(tenant) }
                }
                try? await cancelWhenGracefulShutdown { try await self.admission.generation.wait(beyond: seen) }
            }
        }
    }

    private func run(_ tenant: TenantName) async {
        let service = SupervisedService("archive of \(tenant)", logger: logger) {
            let scope = try tenants.scope(of: tenant)
            return ServicesOfTenant(
                services: ArchiveServices(scope).services + [TelemetryUpkeep(scope.telemetry, logger: logger)])
        }
        try? await service.run()
    }
}

/// The services of one tenant, which end together.
private struct ServicesOfTenant: Service {
    let services: [any Service]

    func run() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            for service in services { group.addTask { try await service.run() } }
        }
    }
}
