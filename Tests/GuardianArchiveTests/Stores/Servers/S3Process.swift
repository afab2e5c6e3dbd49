import Foundation
import Synchronization
import Testing

/// A server that speaks S3, as a process that ends when the tests do (Tests/EndToEnd/kit/s3.py).
final class S3Process: Sendable {
    enum Kind: String, Sendable, CaseIterable, CustomTestStringConvertible {
        /// PyPI's moto with signature checks enabled; supports conditional writes.
        case moto
        /// OpenStack Swift's s3api from Debian's packages: a real server, without conditional writes.
        case swift

        var testDescription: String { rawValue }
    }

    struct Failure: Error { var text: String }

    /// What the server prints when it is ready.
    struct Ready: Decodable, Sendable {
        var endpoint: String
        var region: String
        var keyId: String
        var secret: String
    }

    let ready: Ready
    /// When this pipe closes, the server process ends.
    private let life: Pipe

    static let root = URL(filePath: #filePath).pathComponents.dropLast(5).joined(separator: "/").replacing(
        "//", with: "/")
    static let python = "\(root)/.tools/venv-test/bin/python"

    init(_ kind: Kind, _ arguments: [String] = []) throws {
        let process = Process()
        process.executableURL = URL(filePath: Self.python)
        process.arguments = ["\(Self.root)/Tests/EndToEnd/kit/s3.py", kind.rawValue] + arguments
        let output = Pipe()
        life = Pipe()
        process.standardInput = life
        process.standardOutput = output
        guard FileManager.default.isExecutableFile(atPath: Self.python) else {
            throw Failure(text: "\(Self.python) is missing: run scripts/bootstrap test.")
        }
        try process.run()
        var line = Data()
        while !line.contains(0x0A) {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw Failure(text: "The S3 server \(kind) did not start.") }
            line += more
        }
        ready = try JSONDecoder().decode(Ready.self, from: line)
    }

    /// One server of each kind serves all tests; every test has buckets of its own.
    private static let shared = Dictionary(
        uniqueKeysWithValues: Kind.allCases.map { kind in (kind, Once { try S3Process(kind) }) })

    static func running(_ kind: Kind) throws -> S3Process {
        guard let once = shared[kind] else { throw Failure(text: "There is no server \(kind).") }
        return try once.value()
    }
}

/// A value that is created on first use.
final class Once<Value: Sendable>: Sendable {
    private let make: @Sendable () throws -> Value
    private let made = Mutex<Result<Value, any Error>?>(nil)

    init(_ make: @escaping @Sendable () throws -> Value) { self.make = make }

    func value() throws -> Value {
        try made.withLock { made in
            let result = made ?? Result { try make() }
            made = result
            return try result.get()
        }
    }
}
