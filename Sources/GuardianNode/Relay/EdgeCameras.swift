import GuardianCore
import GuardianHTTP
import Synchronization

/// What a tenant's edges tell of their cameras, in memory only: names say much of a household, and a node's disk may be another's.
/// After the node has started again, an edge's cameras have no names until it is back.
package final class EdgeCameras: Sendable {
    /// Most edges of a tenant whose cameras are kept; those of further ones have no names.
    private static let limit = 64

    /// A camera of an edge.
    package struct Camera: Sendable {
        package let report: CameraReport
        /// Its name in requests: its alias, or its UUID where another camera has that alias.
        package let alias: CameraAlias
        package let device: Hash256
        /// Since when the edge does not tell of it; `nil`: it does.
        package let lostAt: Timestamp?
    }

    private struct Edge {
        let device: Hash256
        var reports: [CameraReport]
        var lostAt: Timestamp?
    }

    private struct State {
        /// In the order of their first report.
        var edges: [Edge] = []
        var cameras: [Camera] = []
        var table = CameraNames.Table([:])

        /// A camera is of the connected edge that told of it first. An alias that two cameras have is neither's: what it names must not
        /// change with who is connected. Nor is one that is another camera's UUID, which has the form of an alias.
        mutating func settle() {
            var ids: Set<CameraID> = []
            let connectedFirst = edges.filter { $0.lostAt == nil } + edges.filter { $0.lostAt != nil }
            let own = connectedFirst.flatMap { edge in
                edge.reports.filter { ids.insert($0.id).inserted }.map { (report: $0, edge: edge) }
            }
            let counts = Dictionary(own.map { ($0.report.alias, 1) }, uniquingKeysWith: +)
            cameras = own.compactMap { report, edge in
                let isClear = counts[report.alias] == 1 && CameraID(report.alias.text) == nil
                guard let alias = isClear ? report.alias : CameraAlias(report.id.description) else { return nil }
                return Camera(report: report, alias: alias, device: edge.device, lostAt: edge.lostAt)
            }
            table = CameraNames.Table(
                Dictionary(cameras.map { ($0.report.id, $0.alias) }, uniquingKeysWith: { first, _ in first }))
        }
    }

    private let state = Mutex(State())

    package init() {}

    /// Takes over what an edge tells of its cameras.
    package func update(_ reports: [CameraReport], of device: Hash256) {
        state.withLock { state in
            if let index = state.edges.firstIndex(where: { $0.device == device }) {
                (state.edges[index].reports, state.edges[index].lostAt) = (reports, nil)
            } else if state.edges.count < Self.limit {
                state.edges.append(Edge(device: device, reports: reports))
            }
            state.settle()
        }
    }

    /// Notes that an edge tells nothing any more.
    package func lose(_ device: Hash256, at now: Timestamp) {
        state.withLock { state in
            guard let index = state.edges.firstIndex(where: { $0.device == device }) else { return }
            state.edges[index].lostAt = now
            state.settle()
        }
    }

    /// Whose a camera is now; `nil` for one that no edge tells of.
    package func device(of camera: CameraID) -> Hash256? {
        state.withLock { $0.cameras.first { $0.report.id == camera }?.device }
    }

    package var all: [Camera] { state.withLock { $0.cameras } }

    /// The names of the cameras now.
    package var names: CameraNames { CameraNames { [self] in state.withLock { $0.table } } }
}
