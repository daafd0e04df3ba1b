#include "kernels/problem_file.hpp"

#include <array>
#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <new>

namespace ballast::batch {
namespace {

constexpr std::array<unsigned char, 8> kMagic = {'B', 'A', 'L', 'L', 'A', 'S', 'T', 'B'};
constexpr std::uint32_t kVersion = 4;
constexpr std::size_t kHeader = 8 + 4 + 8 + 8;
static_assert(sizeof(int) == 4 && sizeof(double) == 8 && std::numeric_limits<double>::is_iec559);

/// FNV-1a: any change of a single byte changes it.
std::uint64_t checksum(std::span<const unsigned char> bytes) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const unsigned char b : bytes) hash = (hash ^ b) * 0x100000001b3U;
  return hash;
}

// ---- what is in a file: each struct's members in order. A member more or less does not compile.
template <class A, class B>
concept Like = std::same_as<std::remove_const_t<A>, B>;

template <class Archive>
void fields(Archive& a, Like<Group> auto& v) {
  auto& [model, plant, x_at, out_at, in_at, parameters, device_MVA, tables, table_at, mode, held, timer,
         guard] = v;
  a(model, plant, x_at, out_at, in_at, parameters, device_MVA, tables, table_at, mode, held, timer, guard);
}
template <class Archive>
void fields(Archive& a, Like<Span> auto& v) {
  auto& [group, first, last, currents_only] = v;
  a(group, first, last, currents_only);
}
template <class Archive>
void fields(Archive& a, Like<Injection> auto& v) {
  auto& [signal_r, signal_i, bus, plant] = v;
  a(signal_r, signal_i, bus, plant);
}
template <class Archive>
void fields(Archive& a, Like<Branch> auto& v) {
  auto& [from, to, closed] = v;
  a(from, to, closed);
}
template <class Archive>
void fields(Archive& a, Like<Weight> auto& v) {
  auto& [state, plant, bus] = v;
  a(state, plant, bus);
}
template <class Archive>
void fields(Archive& a, Like<FactorPattern> auto& v) {
  auto& [bus, position, row_start, column, diagonal, branch] = v;
  a(bus, position, row_start, column, diagonal, branch);
}
template <class Archive>
void fields(Archive& a, Like<StiffBlock> auto& v) {
  auto& [bus, states, matrix_at] = v;
  a(bus, states, matrix_at);
}
template <class Archive>
void fields(Archive& a, Like<Rest> auto& v) {
  auto& [x, signals, held, timer, mode, shunt_G, shunt_B, block, inertia, parameters, device_MVA] = v;
  a(x, signals, held, timer, mode, shunt_G, shunt_B, block, inertia, parameters, device_MVA);
}
template <class Archive>
void fields(Archive& a, Like<Action> auto& v) {
  auto& [time_s, kind, index, flag, value, fault, end, residual] = v;
  a(time_s, kind, index, flag, value, fault, end, residual);
}
template <class Archive>
void fields(Archive& a, Like<Order> auto& v) {
  auto& [signal, kind, index, once, value] = v;
  a(signal, kind, index, once, value);
}
template <class Archive>
void fields(Archive& a, Like<Scenario> auto& v) {
  auto& [rest, first_action, last_action, faults] = v;
  a(rest, first_action, last_action, faults);
}
template <class Archive>
void fields(Archive& a, Like<Problem> auto& v) {
  auto& [base_MVA, frequency_Hz, start_s, until_s, step_s, least_step_s, buses, states, signals, modes, held,
         timers, guards, plants, time_signal, frame_signal, groups, order, read, before, network, injections,
         injecting_buses, weights, branches, in_service, closed_signals, active_signals, orders, demands,
         ramped, own_parts, factor, stiff, stiff_entries, rests, actions, scenarios] = v;
  a(base_MVA, frequency_Hz, start_s, until_s, step_s, least_step_s, buses, states, signals, modes, held,
    timers, guards, plants, time_signal, frame_signal, groups, order, read, before, network, injections,
    injecting_buses, weights, branches, in_service, closed_signals, active_signals, orders, demands, ramped,
    own_parts, factor, stiff, stiff_entries, rests, actions, scenarios);
}

template <class T>
T little_endian(T v) {
  if constexpr (std::endian::native == std::endian::big) {
    T swapped = 0;
    for (std::size_t i = 0; i < sizeof v; ++i) swapped = static_cast<T>(swapped << 8 | (v >> 8 * i & 0xff));
    return swapped;
  }
  return v;
}

class Writer {
 public:
  explicit Writer(std::vector<unsigned char>& bytes) : bytes_(bytes) {}
  template <class... V>
  void operator()(const V&... values) {
    (put(values), ...);
  }
  template <class U>
  void number(U v) {
    v = little_endian(v);
    const auto at = bytes_.size();
    bytes_.resize(at + sizeof v);
    std::memcpy(bytes_.data() + at, &v, sizeof v);
  }

 private:
  std::vector<unsigned char>& bytes_;

  void put(int v) { number(std::bit_cast<std::uint32_t>(v)); }
  void put(double v) { number(std::bit_cast<std::uint64_t>(v)); }
  void put(bool v) { number(static_cast<unsigned char>(v ? 1 : 0)); }
  void put(const std::string& v) {
    number(static_cast<std::uint64_t>(v.size()));
    bytes_.insert(bytes_.end(), v.begin(), v.end());
  }
  template <class V, std::size_t N>
  void put(const std::array<V, N>& v) {
    for (const V& item : v) put(item);
  }
  template <class V>
  void put(const std::vector<V>& v) {
    number(static_cast<std::uint64_t>(v.size()));
    for (const V& item : v) put(item);
  }
  template <class V>
  void put(const V& v) {
    fields(*this, v);
  }
};

class Reader {
 public:
  Reader(std::span<const unsigned char> bytes, const std::string& where) : bytes_(bytes), where_(where) {}
  template <class... V>
  void operator()(V&... values) {
    (get(values), ...);
  }
  template <class U>
  U number() {
    if (bytes_.size() - at_ < sizeof(U)) stop("ends inside a number");
    U v = 0;
    std::memcpy(&v, bytes_.data() + at_, sizeof v);
    at_ += sizeof v;
    return little_endian(v);
  }
  [[nodiscard]] bool at_end() const { return at_ == bytes_.size(); }
  [[noreturn]] void stop(const std::string& what) const {
    throw BadProblem(where_ + ": byte " + std::to_string(at_) + ": " + what + "; export the problem again");
  }

 private:
  std::span<const unsigned char> bytes_;
  std::string where_;
  std::size_t at_ = 0;

  /// How many items of at least `least` bytes follow.
  std::size_t count(std::size_t least) {
    const auto n = number<std::uint64_t>();
    if (n > (bytes_.size() - at_) / least)
      stop("a list of " + std::to_string(n) + " items, more than the rest of the file can hold");
    return static_cast<std::size_t>(n);
  }
  void get(int& v) { v = std::bit_cast<int>(number<std::uint32_t>()); }
  void get(double& v) { v = std::bit_cast<double>(number<std::uint64_t>()); }
  void get(bool& v) {
    const auto b = number<unsigned char>();
    if (b > 1) stop("a yes or no that is " + std::to_string(b));
    v = b == 1;
  }
  void get(std::string& v) {
    const std::size_t n = count(1);
    v.assign(reinterpret_cast<const char*>(bytes_.data()) + at_, n);
    at_ += n;
  }
  template <class V, std::size_t N>
  void get(std::array<V, N>& v) {
    for (V& item : v) get(item);
  }
  template <class V>
  void get(std::vector<V>& v) {
    constexpr bool plain = std::same_as<V, int> || std::same_as<V, double>;
    const std::size_t n = count(plain ? sizeof(V) : 1);
    v.clear();
    if constexpr (plain) v.reserve(n);
    // Structures one by one: a false count runs into the end of the file before it fills the memory.
    for (std::size_t i = 0; i < n; ++i) get(v.emplace_back());
  }
  template <class V>
  void get(V& v) {
    fields(*this, v);
  }
};

}  // namespace

std::vector<unsigned char> problem_bytes(const Problem& problem) {
  std::vector<unsigned char> bytes(kMagic.begin(), kMagic.end());
  bytes.resize(kHeader);
  Writer content(bytes);
  content(problem);
  const std::span<const unsigned char> body = std::span(bytes).subspan(kHeader);
  std::vector<unsigned char> header(kMagic.begin(), kMagic.end());
  Writer head(header);
  head.number(kVersion);
  head.number(static_cast<std::uint64_t>(body.size()));
  head.number(checksum(body));
  std::copy(header.begin(), header.end(), bytes.begin());
  return bytes;
}

Problem problem_from(std::span<const unsigned char> bytes, const std::string& where) {
  if (bytes.size() < kHeader || !std::equal(kMagic.begin(), kMagic.end(), bytes.begin()))
    throw BadProblem(where + ": no batch problem (it does not begin with BALLASTB); give a file that " +
                     "save_problem wrote, e.g. through bench_batch CASE --export FILE");
  Reader head(bytes.subspan(kMagic.size(), kHeader - kMagic.size()), where);
  const auto version = head.number<std::uint32_t>();
  if (version != kVersion)
    throw BadProblem(where + ": version " + std::to_string(version) + " of the format, this program reads " +
                     std::to_string(kVersion) + "; export and run with the same version of Ballast");
  const auto length = head.number<std::uint64_t>();
  const auto sum = head.number<std::uint64_t>();
  const std::span<const unsigned char> body = bytes.subspan(kHeader);
  if (length != body.size())
    throw BadProblem(where + ": " + std::to_string(body.size()) + " bytes of content instead of " +
                     std::to_string(length) + " (cut short or added to); copy the file again");
  if (checksum(body) != sum)
    throw BadProblem(where + ": the content does not match its checksum; copy the file again");
  Problem problem;
  Reader content(body, where);
  content(problem);
  if (!content.at_end()) content.stop("more content than a problem has");
  check_problem(problem, where);
  return problem;
}

void save_problem(const Problem& problem, const std::string& path) {
  const std::vector<unsigned char> bytes = problem_bytes(problem);
  const std::string partial = path + ".part";
  {
    std::ofstream out(partial, std::ios::binary);
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out) {
      std::error_code ignored;
      std::filesystem::remove(partial, ignored);
      throw std::runtime_error(path + ": " + std::to_string(bytes.size()) +
                               " bytes could not be written; check the folder and the space on its disk");
    }
  }
  std::error_code error;
  std::filesystem::rename(partial, path, error);
  if (error) {
    std::error_code ignored;
    std::filesystem::remove(partial, ignored);
    throw std::runtime_error(path + ": cannot be replaced (" + error.message() + "); choose another name");
  }
}

Problem load_problem(const std::string& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) throw BadProblem(path + ": cannot be read (" + error.message() + "); check the name");
  std::ifstream in(path, std::ios::binary);
  try {
    std::vector<unsigned char> bytes(size);
    in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
    if (!in) throw BadProblem(path + ": cannot be read; check the file and its permissions");
    return problem_from(bytes, path);
  } catch (const std::bad_alloc&) {
    throw BadProblem(path + ": " + std::to_string(size) +
                     " bytes do not fit into memory; export fewer scenarios");
  }
}

}  // namespace ballast::batch
