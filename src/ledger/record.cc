#include "ledger/record.h"

#include <algorithm>
#include <string>

namespace sshkeep::ledger {
namespace {

constexpr std::uint16_t schema = 1;
constexpr std::size_t sequence_at = 4;  // behind schema, kind and status

class Writer {
public:
    template <class Number>
    void number(Number value) {
        for (std::size_t shift = sizeof(Number); shift-- > 0;) {
            bytes_ += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * shift) & 0xFFU);
        }
    }
    void raw(std::span<const std::uint8_t> bytes) { bytes_.append(as_text(bytes)); }
    void text(std::string_view value) {
        fits_ = fits_ && value.size() <= max_text;
        number(static_cast<std::uint16_t>(value.size()));
        bytes_.append(value);
    }
    void hash(const std::optional<Hash>& value) {
        number(static_cast<std::uint8_t>(value ? 1 : 0));
        if (value) {
            raw(*value);
        }
    }
    [[nodiscard]] bool fits() const { return fits_; }
    std::string take() { return std::move(bytes_); }

private:
    std::string bytes_;
    bool fits_ = true;
};

/// Reads the same order back. After the first thing that is not there, `ok` stays false and everything reads as zero.
class Reader {
public:
    explicit Reader(std::string_view bytes) : rest_(bytes) {}

    template <class Number>
    void number(Number& value) {
        std::uint64_t bits = 0;
        for (const char c : piece(sizeof(Number))) {
            bits = bits << 8 | static_cast<std::uint8_t>(c);
        }
        value = static_cast<Number>(bits);
    }
    void raw(std::span<std::uint8_t> value) {
        const auto bytes = piece(value.size());
        std::ranges::copy(as_bytes(bytes), value.begin());
    }
    void text(std::string& value) {
        std::uint16_t length = 0;
        number(length);
        ok_ = ok_ && length <= max_text;
        value = piece(length);
    }
    void hash(std::optional<Hash>& value) {
        std::uint8_t present = 0;
        number(present);
        ok_ = ok_ && present <= 1;
        if (present == 1) {
            raw(value.emplace());
        }
    }
    [[nodiscard]] bool ok() const { return ok_; }
    [[nodiscard]] bool at_end() const { return rest_.empty(); }

private:
    std::string_view piece(std::size_t length) {
        if (!ok_ || rest_.size() < length) {
            ok_ = false;
            return {};
        }
        const auto found = rest_.substr(0, length);
        rest_.remove_prefix(length);
        return found;
    }

    std::string_view rest_;
    bool ok_ = true;
};

/// The one list of the fields and their order, for both directions.
template <class Codec, class AnyRecord>
void fields(Codec& codec, AnyRecord& record) {
    codec.number(record.sequence);
    codec.number(record.time);
    codec.raw(record.boot);
    codec.number(record.monotonic);
    codec.number(record.actor.login_uid);
    codec.number(record.actor.uid);
    codec.text(record.actor.user);
    codec.text(record.actor.key);
    codec.number(record.actor.pid);
    codec.text(record.actor.process);
    codec.text(record.host);
    codec.raw(record.request);
    codec.number(record.refers_to);
    codec.text(record.action);
    codec.text(record.target);
    codec.hash(record.before);
    codec.hash(record.after);
    codec.text(record.detail);
    codec.hash(record.payload);
    codec.text(record.program);
}

}  // namespace

Result<std::string> encode_record(const Record& record) {
    Writer writer;
    writer.number(schema);
    writer.number(static_cast<std::uint8_t>(record.kind));
    writer.number(static_cast<std::uint8_t>(record.status));
    fields(writer, record);
    if (!writer.fits()) {
        return fail(ErrorCode::too_large, "a text of the record is longer than " + std::to_string(max_text) + " bytes");
    }
    return writer.take();
}

Result<Record> decode_record(std::string_view bytes) {
    if (bytes.size() > max_record) {
        return fail(ErrorCode::too_large, "longer than a record can be");
    }
    Record record;
    Reader reader(bytes);
    std::uint16_t version = 0;
    std::uint8_t kind = 0;
    std::uint8_t status = 0;
    reader.number(version);
    if (reader.ok() && version != schema) {
        return fail(ErrorCode::unsupported, "schema " + std::to_string(version) + " is not known here");
    }
    reader.number(kind);
    reader.number(status);
    fields(reader, record);
    if (!reader.ok() || !reader.at_end()) {
        return fail(ErrorCode::invalid, reader.ok() ? "bytes behind the end of the record" : "the record is cut short");
    }
    if (kind < 1 || kind > static_cast<std::uint8_t>(Kind::retention) ||
        status > static_cast<std::uint8_t>(Status::rolled_back)) {
        return fail(ErrorCode::invalid, "kind or status of no meaning");
    }
    record.kind = static_cast<Kind>(kind);
    record.status = static_cast<Status>(status);
    return record;
}

std::optional<std::uint64_t> peek_sequence(std::string_view bytes) {
    if (bytes.size() < sequence_at + 8 || bytes[0] != 0 || bytes[1] != static_cast<char>(schema)) {
        return std::nullopt;
    }
    std::uint64_t sequence = 0;
    Reader(bytes.substr(sequence_at)).number(sequence);
    return sequence;
}

Hash payload_hash(const Payload& payload) {
    const std::array<std::string_view, 3> pieces{std::string_view("\2", 1), as_text(payload.salt), payload.bytes};
    return sha256(pieces);
}

std::string_view name_of(Kind kind) {
    switch (kind) {
        case Kind::intent:
            return "intent";
        case Kind::outcome:
            return "outcome";
        case Kind::epoch:
            return "epoch";
        case Kind::erasure:
            return "erasure";
        case Kind::retention:
            return "retention";
    }
    return "unknown";
}

std::string_view name_of(Status status) {
    switch (status) {
        case Status::none:
            return "none";
        case Status::succeeded:
            return "succeeded";
        case Status::failed:
            return "failed";
        case Status::refused:
            return "refused";
        case Status::rolled_back:
            return "rolled_back";
    }
    return "unknown";
}

}  // namespace sshkeep::ledger
