/** Call a method on the server as the user of the page. */
export const call = (page, model, method, ...args) =>
    page.evaluate(
        async (params) => {
            const response = await fetch("/web/dataset/call_kw", {
                method: "POST",
                headers: {"Content-Type": "application/json"},
                body: JSON.stringify({params: {...params, kwargs: {}}}),
            });
            const {error, result} = await response.json();
            if (error) {
                throw new Error(error.data.message);
            }
            return result;
        },
        {model, method, args},
    );
