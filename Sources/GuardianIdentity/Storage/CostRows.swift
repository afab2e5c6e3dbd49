import GRDB
import GuardianCore

/// The cost of a password as it was measured on this machine.
enum CostRows {
    static func cost(in database: Database) throws -> PasswordCost? {
        let row = try Row.fetchOne(database, sql: "SELECT passes, memory FROM password_cost")
        return row.map { PasswordCost(passes: $0["passes"], memory: $0["memory"]) }
            .flatMap { $0.isWithinLimits ? $0 : nil }
    }

    static func set(_ cost: PasswordCost, at now: Timestamp, in database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO password_cost (id, passes, memory, measured_at) VALUES (1, ?, ?, ?)",
            arguments: [cost.passes, cost.memory, now.milliseconds])
    }
}
