import Foundation
import GRDB
import GuardianCore

extension Catalogue {
    /// Returns a page of events, newest `startedAt` first.
    ///
    /// - Parameters:
    ///   - limit: 1 to 1,000.
    ///   - cursor: `next` of the page before.
    public func events(_ filter: EventFilter, limit: Int, after cursor: PageCursor? = nil) async throws -> Page<Event> {
        let limit = min(max(1, limit), 1_000)
        return try await store.read { database in
            let statement = try database.cachedStatement(
                sql: CatalogueSQL.page(
                    cameras: filter.cameras?.count, label: filter.label != nil, cursor: cursor != nil,
                    kept: filter.isKept))
            var arguments = Self.arguments(filter)
            if let cursor { arguments += [cursor.startedAt.milliseconds, cursor.id] }
            arguments += [limit + 1]
            let rows = try Row.fetchAll(statement, arguments: arguments)
            let events = rows.prefix(limit).compactMap { row in
                JournalContent.stored(Array(row["payload"] as Data))?.body.event
            }
            return Page(items: events, next: Self.cursor(after: rows, limit))
        }
    }

    /// Returns the cursor after the first `limit` of the rows, each with `id` and `started_at`; `nil` when there are no more.
    static func cursor(after rows: [Row], _ limit: Int) -> PageCursor? {
        guard rows.count > limit else { return nil }
        let last = rows[limit - 1]
        return PageCursor(startedAt: Timestamp(milliseconds: last["started_at"]), id: last["id"])
    }

    /// Returns the events before and after this one in time; `nil` at the ends.
    ///
    /// - Parameter cameras: only events of these cameras; `nil`: of all.
    public func neighbours(
        of event: EventID, cameras: Set<CameraID>? = nil
    ) async throws -> (previous: EventID?, next: EventID?) {
        try await store.read { database in
            let before = try database.cachedStatement(sql: CatalogueSQL.eventBefore(cameras: cameras?.count))
            let after = try database.cachedStatement(sql: CatalogueSQL.eventAfter(cameras: cameras?.count))
            let arguments = StatementArguments(Self.keys(cameras) + [event.uuid])
            return (
                try UUID.fetchOne(before, arguments: arguments).map(EventID.init),
                try UUID.fetchOne(after, arguments: arguments).map(EventID.init)
            )
        }
    }

    /// Returns how many events began in each step of time; steps without events are omitted.
    ///
    /// - Parameter step: milliseconds, at least 1.
    /// - Throws: `invalidArgument` when the range has more than 10,000 steps.
    public func density(
        _ filter: EventFilter, from: Timestamp, to: Timestamp, step: Int64
    ) async throws -> [DensityStep] {
        guard step >= 1, to > from, (to - from) / step <= 10_000 else {
            throw GuardianError(
                .invalidArgument, "Ask for 1 to 10,000 steps: `from` before `to`, and a `step` that is not too short.")
        }
        var filter = filter
        filter.from = from
        filter.to = to
        let bounded = filter
        return try await store.read { database in
            let statement = try database.cachedStatement(
                sql: CatalogueSQL.density(
                    cameras: bounded.cameras?.count, label: bounded.label != nil, kept: bounded.isKept))
            var arguments: StatementArguments = [from.milliseconds, step]
            arguments += Self.arguments(bounded)
            return try Row.fetchAll(statement, arguments: arguments).map { row in
                DensityStep(at: from + (row["step"] as Int64) * step, count: row["count"])
            }
        }
    }

    /// The cameras as their rows name them, for the statements' filters.
    static func keys(_ cameras: Set<CameraID>?) -> [UUID] { cameras.map { $0.map(\.uuid) } ?? [] }

    private static func arguments(_ filter: EventFilter) -> StatementArguments {
        var arguments = StatementArguments(Self.keys(filter.cameras))
        if let label = filter.label { arguments += [label.text] }
        arguments += [filter.from?.milliseconds ?? Int64.min, filter.to?.milliseconds ?? Int64.max]
        return arguments
    }
}

/// Events that began within one step of time.
public struct DensityStep: Hashable, Sendable {
    /// The step's beginning.
    public let at: Timestamp
    public let count: Int
}
