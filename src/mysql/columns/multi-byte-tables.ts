/**
 * Where the servers' own multi-byte tables, which are the same in MySQL 5.6 and 9.7 and MariaDB 11.4, differ from those of the
 * library that decodes the rest: for each character set, the characters of consecutive codes from the code named. A test asks the
 * servers about every code there is. Some codes of big5 mean U+FFFD to them.
 */
const RUNS: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  big5: {
    0xa145: '•',
    0xa14e: '､',
    0xa15a: '\ufffd',
    0xa1c2: '‾\ufffd',
    0xa1c5: '\ufffd',
    0xa1e3: '∼',
    0xa1f2: '♁☉',
    0xa1fe: '\ufffd',
    0xa240: '\ufffd／＼',
    0xa244: '¥',
    0xa246: '¢£',
    0xa2cc: '\ufffd',
    0xa2ce: '\ufffd',
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
  gb18030: {
    0xa3a0: '\ue5e5',
    0x8431a437: '\ufffd',
  },
  eucjpms: {
    0x8fa2c3: '￤',
    0x8ff3f3: 'ⅰⅱⅲⅳⅴⅵⅶⅷⅸⅹⅠⅡ',
    0x8ff4a1: 'ⅢⅣⅤⅥⅦⅧⅨⅩ＇＂㈱№℡炻仼僴凬匇匤﨎咊坙﨏塚增寬峵嵓﨑德悅愠敎昻晥晴朗栁﨓﨔橫櫢淸淲瀨凞猪甁皂皞益礰礼神祥福竧靖精綠緖羽荢﨟薰蘒﨡蠇諸譿賴赶﨣﨤逸郞都鄕﨧﨨閒隆﨩霻靍靑飯飼館馞髙魲鶴黑',
  },
};

/** Codes that the library reads and the server does not know, first and last of each run. */
const UNKNOWN: Readonly<Record<string, string>> = {
  big5: 'a3c0-a3e1 c7fd-c8fe f9dd-f9fe',
  sjis: '8740-879c ed40-fc4b',
  ujis: 'ada1-adfc',
  gb2312: 'a2a1-a2aa a6e0-a6f5 a8bb-a8c0',
  gbk:
    'a140-a1a0 a240-a2a0 a2ab-a2b0 a2e3-a2e4 a2ef-a2f0 a2fd-a3a0 a440-a4a0 a4f4-a5a0 a5f7-a6a0 a6b9-a6c0 a6d9-a6df a6ec-a6ed a6f3-a6f3 a6f6-a7a0 a7c2-a7d0 ' +
    'a7f2-a7fe a896-a8a0 a8bc-a8bc a8bf-a8bf a8c1-a8c4 a8ea-a8fe a958-a958 a95b-a95b a95d-a95f a989-a995 a997-a9a3 a9f0-a9fe aaa1-aafe aba1-abfe aca1-acfe ' +
    'ada1-adfe aea1-aefe afa1-affe d7fa-d7fe f8a1-f8fe f9a1-f9fe faa1-fafe fba1-fbfe fca1-fcfe fda1-fdfe fe50-fefe',
};

/** Stands for the text of a code that is no character. */
export const NO_TEXT = '';

/** The text of each code of a multi-byte character set that the library reads otherwise than the server, `NO_TEXT` where the server knows no character. */
export function differingCodes(name: string): ReadonlyMap<number, string> {
  const codes = new Map<number, string>();
  for (const [first, characters] of Object.entries(RUNS[name] ?? {})) {
    for (let i = 0; i < characters.length; i++) codes.set(Number(first) + i, characters.charAt(i));
  }
  for (const run of (UNKNOWN[name] ?? '').match(/\S+/g) ?? []) {
    const [first = 0, last = 0] = run.split('-').map((code) => parseInt(code, 16));
    for (let code = first; code <= last; code++) codes.set(code, NO_TEXT);
  }
  return codes;
}
