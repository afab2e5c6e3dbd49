import COpenVINO
import Foundation
import GuardianCore

/// A compiled network with a pool of requests; each request runs on one thread.
///
/// `@unchecked Sendable`: the pointers never change after `init`. OpenVINO documents that its core and compiled models
/// may be used from any thread. A request is used by one caller at a time, because `acquire` removes it from `free`,
/// which is only accessed while `lock` is locked.
final class OpenVINONetwork: @unchecked Sendable {
    private let runtime: OpaquePointer
    private let network: OpaquePointer
    private let requests: [OpaquePointer]
    private let lock = NSCondition()
    private var free: [OpaquePointer]
    let version: String

    init(library: String, xml: String, bin: String, threads: Int, requests count: Int) throws {
        let runtime = try Self.call(.unavailable, "The OpenVINO runtime cannot be used: run scripts/bootstrap again") {
            gov_runtime_open(library, $0)
        }
        var opened: [OpaquePointer] = []
        var compiled: OpaquePointer?
        do {
            let network = try Self.call(.failedPrecondition, "The model cannot be used") {
                gov_model_compile(runtime, xml, bin, Int32(threads), Int32(count), $0)
            }
            compiled = network
            for _ in 0..<count {
                opened.append(
                    try Self.call(.failedPrecondition, "The model cannot be used") { gov_request_create(network, $0) })
            }
            self.network = network
        } catch {
            for request in opened { gov_request_close(request) }
            gov_model_close(compiled)
            gov_runtime_close(runtime)
            throw error
        }
        self.runtime = runtime
        requests = opened
        free = opened
        version = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { text in
            gov_runtime_version(runtime, text.baseAddress, text.count)
            return text.baseAddress.map { String(cString: $0) } ?? ""
        }
    }

    deinit {
        for request in requests { gov_request_close(request) }
        gov_model_close(network)
        gov_runtime_close(runtime)
    }

    /// Returns shape and element type (`ov_element_type_e`) of an input or output; `nil` when there is none at `index`.
    func shape(input index: Int) -> (dimensions: [Int], type: Int32)? {
        guard index < gov_model_inputs(network) else { return nil }
        var shape = gov_shape()
        return gov_model_input_shape(network, index, &shape) == 0 ? Self.read(shape) : nil
    }

    func shape(output index: Int) -> (dimensions: [Int], type: Int32)? {
        guard index < gov_model_outputs(network) else { return nil }
        var shape = gov_shape()
        return gov_model_output_shape(network, index, &shape) == 0 ? Self.read(shape) : nil
    }

    private static func read(_ shape: gov_shape) -> (dimensions: [Int], type: Int32) {
        let all = withUnsafeBytes(of: shape.dimensions) { Array($0.bindMemory(to: Int64.self)) }
        return (all.prefix(Int(shape.rank)).map { Int($0) }, shape.type)
    }

    /// Runs inference on one picture. The outputs are valid only in `body`. Blocks while all requests are busy.
    func run<Result>(_ picture: [UInt8], outputs: Int, _ body: ([UnsafeBufferPointer<Float>]) -> Result) throws
        -> Result
    {
        let request = acquire()
        defer { release(request) }
        var bytes = 0
        guard let input = gov_request_input(request, 0, &bytes), bytes == picture.count else {
            throw GuardianError(.invalidArgument, "A picture has \(picture.count) bytes; the model needs \(bytes).")
        }
        picture.withUnsafeBytes { input.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(input), byteCount: bytes) }
        try withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(gov_reason_size)) { reason in
            reason.initialize(repeating: 0)
            if gov_request_run(request, reason.baseAddress) != 0, let text = reason.baseAddress {
                throw GuardianError(.internal, "The detector failed: \(String(cString: text)).")
            }
        }
        var tensors: [UnsafeBufferPointer<Float>] = []
        for index in 0..<outputs {
            let address = gov_request_output(request, index, &bytes)
            tensors.append(
                UnsafeBufferPointer(
                    start: address?.assumingMemoryBound(to: Float.self), count: address == nil ? 0 : bytes / 4))
        }
        return body(tensors)
    }

    private func acquire() -> OpaquePointer {
        lock.lock()
        defer { lock.unlock() }
        while true {
            if let request = free.popLast() { return request }
            lock.wait()
        }
    }

    private func release(_ request: OpaquePointer) {
        lock.lock()
        free.append(request)
        lock.signal()
        lock.unlock()
    }

    private static func call(
        _ code: GuardianError.Code, _ what: String, _ body: (UnsafeMutablePointer<CChar>?) -> OpaquePointer?
    ) throws -> OpaquePointer {
        try withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(gov_reason_size)) { reason in
            reason.initialize(repeating: 0)
            if let made = body(reason.baseAddress) { return made }
            throw GuardianError(
                code, "\(what): \(reason.baseAddress.map { String(cString: $0) } ?? "no reason given").")
        }
    }
}
