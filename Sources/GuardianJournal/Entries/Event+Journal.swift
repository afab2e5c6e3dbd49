import GuardianCore

extension Event {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("id")
            json.string(id.description)
            json.member("camera")
            json.string(camera.description)
            json.member("label")
            json.string(label.text)
            json.member("state")
            json.string(state.rawValue)
            json.member("confidence")
            json.integer(Fraction.thousandths(confidence))
            json.member("box")
            json.array { box.write(to: &$0) }
            json.member("startedAt")
            json.integer(startedAt.milliseconds)
            json.member("endedAt")
            json.integer(endedAt.milliseconds)
            json.member("path")
            json.array { json in
                for point in path {
                    json.array { json in
                        json.integer(point.offset)
                        point.box.write(to: &json)
                    }
                }
            }
            if let snapshot {
                json.member("snapshot")
                snapshot.write(to: &json)
            }
            json.member("clips")
            json.array { json in for span in clips { span.write(to: &json) } }
        }
    }

    init(journal node: JSONNode) throws {
        let label = try node.required("label")
        guard let known = Label(try label.string(atMost: 40)) else { throw label.refusal("is not a label") }
        self.init(
            id: try node.required("id").identifier(),
            camera: try node.required("camera").identifier(),
            label: known,
            state: try node.required("state").choice(),
            confidence: Double(try node.required("confidence").integer(in: 0...1_000)) / 1_000,
            box: try Box(journal: node.required("box").elements(atMost: 4)[...], of: node),
            startedAt: try node.required("startedAt").time(),
            endedAt: try node.required("endedAt").time(),
            path: try node.required("path").elements(atMost: JournalLimits.path).map { point in
                let numbers = try point.elements(atMost: 5)
                guard let offset = numbers.first else { throw point.refusal("is empty") }
                return PathPoint(
                    offset: try offset.integer(in: Plausible.offset),
                    box: try Box(journal: numbers.dropFirst(), of: point))
            },
            snapshot: try node.optional("snapshot").map(Snapshot.init(journal:)),
            clips: try node.required("clips").elements(atMost: JournalLimits.clips).map(ClipSpan.init(journal:)))
    }
}

extension Box {
    /// Four elements of an array: left, top, width, height in 1/65536 of the picture.
    fileprivate func write(to json: inout JSONWriter) {
        for side in [x, y, width, height] { json.integer(Fraction.ofPicture(side)) }
    }

    fileprivate init(journal numbers: ArraySlice<JSONNode>, of node: JSONNode) throws {
        guard numbers.count == 4 else { throw node.refusal("has a box without four sides") }
        let sides = try numbers.map { Double(try $0.integer(in: Fraction.sides)) / Fraction.picture }
        self.init(x: sides[0], y: sides[1], width: sides[2], height: sides[3])
    }
}

extension Snapshot {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("sha256")
            json.string(sha256.hex)
            json.member("width")
            json.integer(Int64(width))
            json.member("height")
            json.integer(Int64(height))
            json.member("at")
            json.integer(at.milliseconds)
        }
    }

    fileprivate init(journal node: JSONNode) throws {
        self.init(
            sha256: try node.required("sha256").hash(),
            width: Int(try node.required("width").integer(in: 1...100_000)),
            height: Int(try node.required("height").integer(in: 1...100_000)),
            at: try node.required("at").time())
    }
}

extension ClipSpan {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("clip")
            json.string(clip.description)
            json.member("from")
            json.integer(from)
            json.member("to")
            json.integer(to)
            json.member("preRollShort")
            json.integer(preRollShort ? 1 : 0)
        }
    }

    fileprivate init(journal node: JSONNode) throws {
        self.init(
            clip: try node.required("clip").identifier(),
            from: try node.required("from").integer(in: Plausible.offset),
            to: try node.required("to").integer(in: Plausible.offset),
            preRollShort: try node.required("preRollShort").integer(in: 0...1) == 1)
    }
}

/// Fractions as the journal's integers.
enum Fraction {
    /// The picture's width and height in the journal's units.
    static let picture = 65_536.0
    /// A box may extend beyond the picture's borders, by at most the picture's size.
    static let sides: ClosedRange<Int64> = -65_536...131_072

    /// Converts to 1/65536 of the picture; values beyond `sides` are clamped.
    static func ofPicture(_ value: Double) -> Int64 {
        guard value.isFinite else { return 0 }
        return Int64((min(max(value, -1), 2) * picture).rounded())
    }

    /// Converts to 1/1000, clamped to 0 to 1000.
    static func thousandths(_ value: Double) -> Int64 {
        guard value.isFinite else { return 0 }
        return Int64((min(max(value, 0), 1) * 1_000).rounded())
    }
}
