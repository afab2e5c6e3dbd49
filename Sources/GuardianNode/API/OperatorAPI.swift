import GuardianCore
import GuardianHTTP
import Hummingbird
import Logging

/// What a node's operators see: how its tenants are, and nothing of what they recorded.
struct OperatorAPI: Sendable {
    /// Only here the routes are served, to nobody but operators.
    static let prefix = "/api/v1/operator/"

    let tenants: Tenants
    let registry: any EnrolmentRegistry
    let site: NodeAPI.Site
    let logger: Logger

    /// - Parameter accounts: the operators'.
    /// - Throws: `failed_precondition` when the API's description is missing beside the executable.
    func addRoutes(_ accounts: WebAccounts, to routes: inout Routes) throws {
        routes.addHealth(readiness: site.readiness)
        try routes.addDescription(.operators)
        routes.get(
            "/api/v1/operator/tenants", needs: .mayForAllCameras(.readStatus), query: ["limit", "cursor"]
        ) { web in
            let after = try web.query.cursor().map { text in
                guard let name = TenantName(text) else { throw GuardianError.notACursor }
                return name
            }
            return try JSON.response(try await page(after: after, limit: try web.query.limit()))
        }
        routes.addAccounts(accounts) { CameraNames([:]) }
        routes.addQRCodes()
        if let pages = site.operatorPages { routes.addPages(pages) }
    }

    private func page(after cursor: TenantName?, limit: Int) async throws -> PageView<TenantView> {
        let names = try await registry.tenants().filter { name in cursor.map { name > $0 } ?? true }.sorted()
        let devices = Dictionary(grouping: try await registry.devices()) { $0.tenant }
        var views: [TenantView] = []
        for name in names.prefix(limit) {
            views.append(await view(of: name, devices[name] ?? []))
        }
        return PageView(items: views, nextCursor: names.count > limit ? views.last?.name : nil)
    }

    /// One that cannot be read must not hide the others.
    private func view(of name: TenantName, _ devices: [DeviceRecord]) async -> TenantView {
        let retired = Set(devices.filter { $0.state == .retired }.map(\.fingerprint))
        var view = TenantView(name, devices: devices.map(\.state))
        do {
            let scope = try tenants.scope(of: name)
            view.add(
                try await scope.edges(now: site.clock.now()).filter { !retired.contains($0.fingerprint) },
                usage: try await scope.archiveUsage())
        } catch {
            logger.error("tenant cannot be read", metadata: ["tenant": "\(name)", "reason": "\(error)"])
            view.problem = "Its data cannot be read; the node's log says why."
        }
        return view
    }
}
