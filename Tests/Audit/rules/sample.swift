// Read by Semgrep only, never compiled: the line after `ruleid:` must be found, all others must not.
import Foundation

func forced(_ value: Any, _ text: String) {
    // ruleid: swift-forced
    let number = try! Int(text, format: .number)
    // ruleid: swift-forced
    let cast = value as! String
    // ruleid: swift-forced
    fatalError("it cannot be")
    // ruleid: swift-forced
    precondition(number > 0)
    // ok: swift-forced
    let perhaps = try? Int(text, format: .number)
    // ok: swift-forced
    let other = value as? String
    // nosemgrep: swift-forced -- the caller has checked the number
    precondition(number > 1)
    /// Says why nothing here is a fatalError(…).
}

func unwrapped(_ value: Int?, _ list: [Int]) {
    // ruleid: swift-force-unwrap
    let number = value!
    // ruleid: swift-force-unwrap
    use(list.first!, "and text")
    // ruleid: swift-force-unwrap
    use("text", list.first!.magnitude)
    // ruleid: swift-force-unwrap
    let sum = value! + 1
    // ruleid: swift-force-unwrap
    let same = { value! }
    // ok: swift-force-unwrap
    guard let value, value != 3, !list.isEmpty else { return }
    // ok: swift-force-unwrap
    use("Done!", value)
}

func printed(_ pipe: Pipe) {
    // ruleid: swift-print
    print("hello")
    // ok: swift-print
    logger.info("hello")
    // ok: swift-print
    pipe.print("hello")
}

func started() {
    // ruleid: swift-shell
    process.executableURL = URL(filePath: "/bin/sh")
    // ruleid: swift-shell
    system("ls")
    // ok: swift-shell
    process.executableURL = URL(filePath: "/usr/bin/ffmpeg")
}

func asked(_ database: Database, _ name: String) throws {
    // ruleid: swift-sql-interpolation
    try database.execute(sql: "DELETE FROM people WHERE name = '\(name)'")
    // ruleid: swift-sql-interpolation
    try database.execute(sql: """
        SELECT \(Self.columns) FROM people
        WHERE name = '\(name)'
        """)
    // ok: swift-sql-interpolation
    try database.execute(sql: "SELECT \(Self.columns) FROM people WHERE \(condition) AND name = ?", arguments: [name])
    // ok: swift-sql-interpolation
    log("a name: \(name)")
}

func filled() {
    // A comment that is not directly above proves nothing.
    // ruleid: swift-uninitialised
    let zero = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: 8) { _, count in count = 8 }
    // ok: swift-uninitialised
    // `fill` reports how many it wrote.
    let other = [UInt8](unsafeUninitializedCapacity: 8) { buffer, count in count = fill(buffer) }
}

// ruleid: swift-unchecked
struct Before {}
final class Unproven: @unchecked Sendable {}

// ok: swift-unchecked
/// `@unchecked Sendable`: it has no properties.
final class Proven: @unchecked Sendable {}

func fetched(_ port: Int, _ text: String) {
    // ruleid: swift-cleartext
    let request = HTTPClientRequest(url: "http://example.org/list")
    // ok: swift-cleartext
    let own = HTTPClientRequest(url: "http://127.0.0.1:\(port)/list")
    // ok: swift-cleartext
    let secure = HTTPClientRequest(url: "https://example.org/list")
    // ruleid: swift-tls-unverified
    configuration.certificateVerification = .none
    // ok: swift-tls-unverified
    configuration.certificateVerification = .fullVerification
    // ruleid: swift-weak-hash
    let old = Insecure.MD5.hash(data: text)
    // ok: swift-weak-hash
    let new = SHA256.hash(data: text)
}
