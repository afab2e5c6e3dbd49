import Foundation
import GRDB
import GuardianCore
import GuardianStorage

extension Journal {
    /// Where this journal keeps the identity of a folder with files that its entries name.
    public func placeRegister(_ name: String) -> Place.Register {
        let store = store
        return Place.Register(
            read: {
                try await store.read {
                    try UUID.fetchOne($0, sql: "SELECT id FROM folders WHERE name = ?", arguments: [name])
                }
            },
            write: { id in
                try await store.write {
                    try $0.execute(
                        sql: "INSERT OR REPLACE INTO folders (name, id) VALUES (?, ?)", arguments: [name, id])
                }
            })
    }

    /// Returns those of the clips that have a tombstone, from a journal that another process may use.
    ///
    /// - Throws: what `Store.inspect` throws.
    public static func deleted(_ clips: [ClipID], path: String) throws -> Set<ClipID> {
        try Store.inspect(path: path) { database in
            let statement = try database.cachedStatement(
                sql: "SELECT EXISTS (SELECT 1 FROM tombstones WHERE subject = ? AND kind = 'clip')")
            return Set(try clips.filter { try Bool.fetchOne(statement, arguments: [$0.uuid]) ?? false })
        }
    }

    /// Returns the identity of a folder from a journal that another process may use; `nil` when it has none.
    ///
    /// - Throws: what `Store.inspect` throws.
    public static func place(_ name: String, path: String) throws -> UUID? {
        try Store.inspect(path: path) { database in
            guard try database.tableExists("folders") else { return nil }
            return try UUID.fetchOne(database, sql: "SELECT id FROM folders WHERE name = ?", arguments: [name])
        }
    }
}
