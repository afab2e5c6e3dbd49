import Foundation
import GRDB

/// The server's own keys, by what they are for.
enum KeyRows {
    static func key(_ purpose: ServerKeys.Purpose, in database: Database) throws -> [UInt8]? {
        try Data.fetchOne(
            database, sql: "SELECT key FROM server_keys WHERE purpose = ?", arguments: [purpose.rawValue]
        ).map { Array($0) }
    }

    static func insert(_ key: [UInt8], for purpose: ServerKeys.Purpose, in database: Database) throws {
        try database.execute(
            sql: "INSERT INTO server_keys (purpose, key) VALUES (?, ?)", arguments: [purpose.rawValue, Data(key)])
    }
}
