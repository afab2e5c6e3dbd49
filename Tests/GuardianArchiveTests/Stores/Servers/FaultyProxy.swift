import Foundation
import Synchronization

/// A proxy between a client and a server that simulates faults of networks and servers. Each request gets the next
/// fault of the list; without one it is forwarded. One request a connection.
final class FaultyProxy: Sendable {
    enum Fault: Sendable {
        /// Forwards the request and its response.
        case pass
        /// The proxy answers; the server does not receive the request.
        case answer(Int, code: String)
        /// Cuts the connection after so many bytes of the request's body.
        case cutRequest(after: Int)
        /// Forwards the request, but cuts the response after so many bytes of its body; -1: before its head.
        case cutAnswer(after: Int)
        /// Never responds, but keeps the connection open.
        case silence
        /// The proxy answers requests whose head the closure picks; others pass.
        case refuse(Int, code: String, when: @Sendable (String) -> Bool)
        /// As a server treats keys without the right to list: an object that does not exist is forbidden, as are lists.
        case withoutList
        /// Any other fault: turns the request's head and body into a response.
        case reply(@Sendable (String, [UInt8]) -> [UInt8])
    }

    struct Failure: Error {}

    let port: UInt16
    private let upstream: UInt16
    private let listener: Int32
    private let faults = Mutex<[Fault]>([])
    private let requests = Mutex<[String]>([])
    private let defaultFault = Mutex<Fault?>(nil)

    init(to upstream: UInt16) throws {
        self.upstream = upstream
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.listener = listener
        var address = Self.address(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 64) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard bound else { throw Failure() }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [weak self] in
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0, let self else { return }
                Thread.detachNewThread { self.serve(client) }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    var endpoint: String { "http://127.0.0.1:\(port)" }

    func expect(_ next: Fault...) { faults.withLock { $0 += next } }

    /// Sets the fault of every request from now on, after those of `expect`.
    func always(_ fault: Fault?) { defaultFault.withLock { $0 = fault } }

    /// The first lines of the requests received, and how many expected faults are left.
    var seen: [String] { requests.withLock { $0 } }
    var pending: Int { faults.withLock { $0.count } }

    private func serve(_ client: Int32) {
        defer { close(client) }
        guard let (head, early) = Self.head(client) else { return }
        requests.withLock { $0.append(String(head.prefix { $0 != "\r\n" })) }
        let fault = faults.withLock { $0.isEmpty ? nil : $0.removeFirst() } ?? defaultFault.withLock { $0 } ?? .pass
        let length = Self.length(head)
        var wanted = length
        if case .cutRequest(let after) = fault { wanted = min(after, length) }
        var body = early
        while body.count < wanted {
            guard let more = Self.receive(client, wanted - body.count) else { return }
            body += more
        }
        switch fault {
        case .cutRequest: return
        case .silence: _ = Self.receive(client, 1)
        case .answer(let status, let code):
            Self.send(client, Self.refusal(status, code, toHead: head.hasPrefix("HEAD ")))
        case .refuse(let status, let code, let picks) where picks(head):
            Self.send(client, Self.refusal(status, code, toHead: head.hasPrefix("HEAD ")))
        case .refuse: forward(head, body, client, limit: nil)
        case .withoutList:
            let isList =
                head.hasPrefix("GET ") && ["?uploads", "list-type=", "uploadId="].contains(where: head.contains)
            forward(head, body, client, limit: nil) { answer in
                isList || answer.starts(with: Array("HTTP/1.1 404".utf8))
                    ? Self.refusal(403, "AccessDenied", toHead: head.hasPrefix("HEAD ")) : answer
            }
        case .reply(let make): Self.send(client, make(head, body))
        case .pass: forward(head, body, client, limit: nil)
        case .cutAnswer(let after): forward(head, body, client, limit: after)
        }
    }

    /// The server closes the connection after its response, so that the end of the connection ends the response.
    private func forward(
        _ head: String, _ body: [UInt8], _ client: Int32, limit: Int?, changing change: ([UInt8]) -> [UInt8] = { $0 }
    ) {
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(server) }
        var address = Self.address(upstream)
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard connected else { return }
        let lines = head.components(separatedBy: "\r\n").filter { !$0.lowercased().hasPrefix("connection:") }
        Self.send(
            server,
            Array((lines + ["Connection: close"]).joined(separator: "\r\n").utf8) + Array("\r\n\r\n".utf8) + body)
        var answer: [UInt8] = []
        while let more = Self.receive(server, 1 << 16) { answer += more }
        guard let limit else { return Self.send(client, change(answer)) }
        guard limit >= 0, let end = Self.headEnd(answer) else { return }
        Self.send(client, Array(answer.prefix(end + limit)))
    }

    private static func refusal(_ status: Int, _ code: String, toHead: Bool) -> [UInt8] {
        let body = toHead ? "" : "<?xml version=\"1.0\"?><Error><Code>\(code)</Code><Message>as asked</Message></Error>"
        return Array(
            "HTTP/1.1 \(status) Refused\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)".utf8)
    }

    /// Reads the head, without the empty line after it, and the bytes of the body received with it.
    private static func head(_ client: Int32) -> (String, [UInt8])? {
        var bytes: [UInt8] = []
        while true {
            if let end = headEnd(bytes) {
                return (String(decoding: bytes.prefix(end - 4), as: UTF8.self), Array(bytes[end...]))
            }
            guard let more = receive(client, 1 << 16) else { return nil }
            bytes += more
        }
    }

    private static func headEnd(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        return (0...(bytes.count - 4)).first { bytes[$0..<($0 + 4)].elementsEqual([13, 10, 13, 10]) }.map { $0 + 4 }
    }

    private static func length(_ head: String) -> Int {
        let line = head.components(separatedBy: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
        return line.flatMap { Int($0.split(separator: ":")[1].trimmingCharacters(in: .whitespaces)) } ?? 0
    }

    private static func receive(_ descriptor: Int32, _ count: Int) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: count)
        let got = recv(descriptor, &buffer, count, 0)
        return got > 0 ? Array(buffer.prefix(got)) : nil
    }

    private static func send(_ descriptor: Int32, _ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    private static func address(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        return address
    }
}
