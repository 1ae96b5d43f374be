// JSON of messages and views -> one HTML page each. Run by draw.py: node page.mjs STYLE.css IN.json OUT.html ...
import { readFileSync, writeFileSync } from 'node:fs';
import { renderToStaticMarkup } from 'react-dom/server';
import { Message } from 'slack-blocks-to-jsx';

const FRAME = `
  body { margin: 0; padding: 20px; width: 100%; max-width: 720px; box-sizing: border-box; background: #fff; color: #1d1c1d;
         font: 15px/1.466 Lato, "Noto Sans CJK SC", "Noto Color Emoji", sans-serif; }
  .note { color: #616061; font-size: 13px; margin: 0 0 8px; }
  .modal { border: 1px solid #ddd; border-radius: 8px; box-shadow: 0 4px 16px #0003; max-width: 520px; margin: 0 auto; }
  .modal > header { display: flex; justify-content: space-between; padding: 16px 20px; font-weight: 900; font-size: 20px; }
  .modal > main { padding: 4px 20px; }
  .modal > footer { display: flex; justify-content: flex-end; gap: 12px; padding: 16px 20px; border-top: 1px solid #eee; }
  .modal > footer span { border: 1px solid #ccc; border-radius: 4px; padding: 6px 16px; font-weight: 700; }
  .modal > footer .submit { background: #007a5a; border-color: #007a5a; color: #fff; }
  .home { border-top: 3px solid #611f69; padding-top: 12px; }
  .person .slack_blocks_to_jsx--header > div:first-of-type { display: none; }
  .reply { border-left: 2px solid #ddd; margin: 8px 0 0 24px; padding-left: 12px; }
`;
const people = (found) => found.map(([id, name]) => ({ id, name }));
const logo = (word, colour) => 'data:image/svg+xml,' + encodeURIComponent(
  `<svg xmlns="http://www.w3.org/2000/svg" width="36" height="36"><rect width="36" height="36" rx="6" fill="${colour}"/>` +
  `<text x="18" y="23" font-size="13" font-family="sans-serif" font-weight="bold" fill="#fff" text-anchor="middle">${word}</text></svg>`);

function data(source) {
  const text = JSON.stringify(source);
  const ids = (pattern) => people([...new Map([...text.matchAll(pattern)].map((m) => [m[1], m[1]]))]);
  const users = ids(/\b([UW][A-Z0-9]{6,})\b/g).map((u) => ({ ...u, name: source.names?.[u.id] ?? u.name }));
  const channels = ids(/\b(C[A-Z0-9]{6,})\b/g).map((c) => ({ ...c, name: source.names?.[c.id] ?? c.name }));
  return { users, channels, user_groups: [] };
}

function blocksOf(source) {
  const blocks = source.blocks?.length ? source.blocks : [];
  return blocks.length || !source.text ? blocks : [{ type: 'section', text: { type: 'mrkdwn', text: source.text } }];
}

function Post({ source }) {
  const name = source.username ?? 'AEO 助手';
  const face = source.username ? logo(name[0], '#8d8d91') : logo('AEO', '#611f69');
  const post = <Message blocks={blocksOf(source)} name={name} logo={face} time={new Date(1795482000000)} data={data(source)} />;
  return <div className={source.username ? 'person' : undefined}>{post}</div>;
}

function Shown({ source }) {
  if (source.type === 'modal') {
    const bare = <Message blocks={source.blocks} name="" logo="" withoutWrapper data={data(source)} />;
    return (
      <div className="modal">
        <header><span>{source.title.text}</span><span>×</span></header>
        <main>{bare}</main>
        <footer>
          <span>{source.close?.text ?? 'Cancel'}</span>
          {source.submit ? <span className="submit">{source.submit.text}</span> : null}
        </footer>
      </div>
    );
  }
  if (source.type === 'home') {
    return <div className="home"><Message blocks={source.blocks} name="" logo="" withoutWrapper data={data(source)} /></div>;
  }
  return <Post source={source} />;
}

function Page({ source, style }) {
  const list = Array.isArray(source) ? (source[0]?.blocks || source[0]?.text?.length ? source : [{ blocks: source }]) : [source];
  return (
    <html lang="zh-CN">
      <head><meta charSet="utf-8" /><style dangerouslySetInnerHTML={{ __html: style + FRAME }} /></head>
      <body>
        {list.map((one, at) => (
          <div key={at} className={one.thread_ts ? 'reply' : undefined}>
            {one.only_for ? <p className="note">Only visible to you</p> : null}
            <Shown source={one} />
          </div>
        ))}
      </body>
    </html>
  );
}

const [style, ...files] = process.argv.slice(2);
const css = readFileSync(style, 'utf8');
for (let at = 0; at < files.length; at += 2) {
  const source = JSON.parse(readFileSync(files[at], 'utf8'));
  writeFileSync(files[at + 1], '<!DOCTYPE html>' + renderToStaticMarkup(<Page source={source} style={css} />));
}
