/**
 * Where the server's own multi-byte tables differ from those of the library that decodes the rest: for each character
 * set, the characters of consecutive codes from the code named.
 */
const RUNS: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  big5: {
    0xa145: '•',
    0xa14e: '､',
    0xa1c2: '‾',
    0xa1e3: '∼',
    0xa1f2: '♁☉',
    0xa241: '／＼',
    0xa244: '¥',
    0xa246: '¢£',
    0xc6a1: 'ヾゝゞ々ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろゎわゐゑをんァアィイゥウェ',
    0xc740: 'エォオカガキギクグケゲコゴサザシジスズセゼソゾタダチヂッツヅテデトドナニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユ',
    0xc7a1: 'ョヨラリルレロヮワヰヱヲンヴヵヶДЕЁЖЗИЙКЛМУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюя①②③④⑤⑥⑦⑧⑨⑩⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽',
  },
  sjis: {
    0x815f: '\\〜‖',
    0x817c: '−',
    0x8191: '¢£',
    0x81ca: '¬',
  },
  gb2312: {
    0xa1a4: '・',
    0xa1aa: '―',
  },
  ujis: {
    0xa1c0: '\\〜‖',
    0xa1dd: '−',
    0xa1f1: '¢£',
    0xa2cc: '¬',
    0x8fa2b7: '~',
  },
  eucjpms: {
    0x8fa2c3: '￤',
    0x8ff3f3: 'ⅰⅱⅲⅳⅴⅵⅶⅷⅸⅹⅠⅡ',
    0x8ff4a1: 'ⅢⅣⅤⅥⅦⅧⅨⅩ＇＂㈱№℡炻仼僴凬匇匤﨎咊坙﨏塚增寬峵嵓﨑德悅愠敎昻晥晴朗栁﨓﨔橫櫢淸淲瀨凞猪甁皂皞益礰礼神祥福竧靖精綠緖羽荢﨟薰蘒﨡蠇諸譿賴赶﨣﨤逸郞都鄕﨧﨨閒隆﨩霻靍靑飯飼館馞髙魲鶴黑',
  },
};

/** The UTF-16 unit of each code of a multi-byte character set that the library reads otherwise. */
export function differingCodes(name: string): ReadonlyMap<number, string> {
  const codes = new Map<number, string>();
  for (const [first, characters] of Object.entries(RUNS[name] ?? {})) {
    for (let i = 0; i < characters.length; i++) codes.set(Number(first) + i, characters.charAt(i));
  }
  return codes;
}
